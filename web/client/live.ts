import type { FromWorker, ToWorker } from "./live.protocol.ts";
import { buffersOf, type Picture, type PictureOptions } from "./picture.ts";
import type { Vessel } from "./types.ts";

/** The page's side of the live stream. */
export class Live {
  private worker = new Worker(new URL("./live.worker.ts", import.meta.url), { type: "module" });
  private asks = new Map<number, (vessels: Vessel[]) => void>();
  private lastAsk = 0;

  listen(onMessage: (message: FromWorker) => void): void {
    this.worker.onmessage = (event: MessageEvent<FromWorker>) => {
      const message = event.data;
      if (message.is !== "answer") return onMessage(message);
      this.asks.get(message.ask)?.(message.vessels);
      this.asks.delete(message.ask);
    };
  }

  open(alertsAfter: number, options: PictureOptions): void {
    const url = new URL("/api/v1/live", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    this.send({ do: "open", url: url.href, alertsAfter, options });
  }

  setOptions(options: PictureOptions): void {
    this.send({ do: "options", options });
  }

  /** Gives back the memory of a picture that nothing on the page reads any more. */
  reuse(picture: Picture): void {
    this.worker.postMessage({ do: "reuse", picture } satisfies ToWorker, buffersOf(picture));
  }

  /** Static data of tracks, by the number that frames use; unknown ones are left out. */
  describe(tracks: number[]): Promise<Vessel[]> {
    return this.ask((ask) => ({ do: "describe", ask, tracks }));
  }

  /** The same by the lasting id that alerts and searches use. */
  find(ids: string[]): Promise<Vessel[]> {
    return this.ask((ask) => ({ do: "find", ask, ids }));
  }

  private ask(make: (ask: number) => ToWorker): Promise<Vessel[]> {
    const ask = ++this.lastAsk;
    return new Promise((resolve) => {
      this.asks.set(ask, resolve);
      this.send(make(ask));
    });
  }

  private send(message: ToWorker): void {
    this.worker.postMessage(message);
  }
}
