import { call, query } from "./http.ts";
import type { components } from "./api.d.ts";
import type { FromPast, ToPast } from "./past.protocol.ts";
import type { Who } from "./player.ts";

type Models = components["schemas"];
export type Standing = Models["StandingModel"];
export type Kept = Models["KeptModel"];
export type Visits = Models["VisitsModel"];
export type Passages = Models["PassagesModel"];
export type Voyages = Models["VoyagesModel"];
export type Trail = Models["TrailModel"];
export type ContactStanding = Models["ContactStandingModel"];
export type ContactVisits = Models["ContactVisitsModel"];
export type Plan = Models["PlanModel"];
export type Figures = Models["StatisticsModel"];
export type Series = Models["SeriesModel"];

type Asked = Record<string, string>;

export const past = {
  kept: () => call<Kept>("GET", "/replay/kept"),
  standings: (from: string, to: string) => call<{ items: Standing[] }>("GET", `/replay/alerts${query({ from, to })}`),
  contactsThen: (from: string, to: string) => call<{ items: ContactStanding[] }>("GET", `/replay/contacts${query({ from, to })}`),
  contactsInside: (asked: Asked) => call<ContactVisits>("GET", `/questions/contacts${query(asked)}`),
  inside: (asked: Asked) => call<Visits>("GET", `/questions/inside${query(asked)}`),
  then: (asked: Asked) => call<Passages>("GET", `/questions/then${query(asked)}`),
  voyages: (asked: Asked) => call<Voyages>("GET", `/questions/voyages${query(asked)}`),
  trail: (alert: string) => call<Trail>("GET", `/questions/alerts/${encodeURIComponent(alert)}`),
  figures: (span: string) => call<Figures>("GET", `/figures${query({ span })}`),
};

/** The page's side of a replay. */
export class Replay {
  private worker = new Worker(new URL("./past.worker.ts", import.meta.url), { type: "module" });
  private asks = new Map<number, (who: Who[]) => void>();
  private lastAsk = 0;

  constructor(onNews: (news: FromPast) => void) {
    this.worker.onmessage = (event: MessageEvent<FromPast>) => {
      const news = event.data;
      if (news.is === "who") {
        this.asks.get(news.ask)?.(news.who);
        this.asks.delete(news.ask);
      } else onNews(news);
    };
  }

  send(message: ToPast, transfer: Transferable[] = []): void {
    this.worker.postMessage(message, transfer);
  }

  who(tracks: number[]): Promise<Who[]> {
    const ask = ++this.lastAsk;
    return new Promise((resolve) => {
      this.asks.set(ask, resolve);
      this.send({ do: "who", ask, tracks });
    });
  }

  close(): void {
    this.worker.terminate();
  }
}
