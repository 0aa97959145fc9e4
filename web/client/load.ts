/** How much asks for the watch's attention, and what is set aside until a time. */
import type { components } from "./api.d.ts";
import { call } from "./http.ts";
import type { Change, Page } from "./types.ts";
import { uuid7 } from "./uuid7.ts";

type Schemas = components["schemas"];

export type Load = Schemas["LoadModel"];
export type Shelf = Schemas["ShelfModel"];
export type ClassInput = Omit<Schemas["ClassInput"], "id">;

export const load = {
  now: () => call<Load>("GET", "/alert-load"),
  shelves: () => call<Page<Shelf>>("GET", "/shelves"),
  shelve: (alert: string, until: string, reason: string) =>
    call<Shelf>("POST", `/alerts/${alert}/shelf`, { id: uuid7(), until, reason }),
  /** A class makes the watch blinder: where people sign in the answer is the change that waits for a second person. */
  shelveClass: (wanted: ClassInput) => call<Shelf | Change>("POST", "/shelves", { id: uuid7(), ...wanted }),
  end: (shelf: string) => call<void>("DELETE", `/shelves/${shelf}`),
};
