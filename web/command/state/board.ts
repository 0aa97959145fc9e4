import { Store } from "./store.ts";

export const BOARDS = ["alerts", "incidents", "tasks", "duty"] as const;
export type BoardName = (typeof BOARDS)[number];

/** Which board stands beside the map. */
export const board = new Store<{ at: BoardName }>({ at: "alerts" });
