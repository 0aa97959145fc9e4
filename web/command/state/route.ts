import { Store } from "./store.ts";

export const PAGES = ["map", "incidents", "tasks", "cases", "duty", "forms", "changes", "oversight", "people", "bulletins", "past", "ask", "figures"] as const;
export type PageName = (typeof PAGES)[number];

/** Where the page is: `#cases/<id>`. What stands after the name is an opaque id or a part of the page,
 * never anything about a person: addresses end up in histories and logs. */
export interface Route {
  /** Null: none is named, so the first that opens. */
  page: PageName | null;
  rest: string;
}

function routeOf(hash: string): Route {
  const [, name, rest] = /^#([a-z]+)(?:\/([\w-]{1,80}))?$/.exec(hash) ?? [];
  const page = PAGES.find((p) => p === name) ?? null;
  return { page, rest: page ? (rest ?? "") : "" };
}

export const route = new Store<Route>(routeOf(location.hash));

window.addEventListener("hashchange", () => route.set(routeOf(location.hash)));

export const addressOf = (page: PageName, rest = ""): string => (rest ? `#${page}/${rest}` : `#${page}`);

export function goPage(page: PageName, rest = ""): void {
  location.hash = addressOf(page, rest);
}

/** What stands after the name of the page of the past: a moment, in ms since 1970. */
export const restOf = (atMs: number): string => `t${Math.round(atMs)}`;

export function momentOf(rest: string): number | null {
  const found = /^t(\d{12,14})$/.exec(rest);
  return found ? Number(found[1]) : null;
}
