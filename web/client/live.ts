import type { FromWorker, News, ToWorker } from "./live.protocol.ts";
import { handedOver } from "./memory.ts";
import type { Picture, PictureOptions } from "./picture.ts";
import type { Vessel } from "./types.ts";

/** The page's side of the live stream. */
export class Live {
  private worker = new Worker(new URL("./live.worker.ts", import.meta.url), { type: "module" });
  private asks = new Map<number, (vessels: Vessel[]) => void>();
  private lastAsk = 0;

  listen(onNews: (news: News[]) => void): void {
    this.worker.onmessage = (event: MessageEvent<FromWorker>) => {
      onNews(event.data);
      for (const one of event.data) {
        if (one.is !== "answer") continue;
        this.asks.get(one.ask)?.(one.vessels);
        this.asks.delete(one.ask);
      }
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
  reuse({ memory }: Picture): void {
    this.worker.postMessage({ do: "reuse", memory } satisfies ToWorker, handedOver(memory));
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
