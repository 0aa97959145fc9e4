/** Vessels that people look out for. */
import type { components } from "./api.d.ts";
import { call, query } from "./http.ts";
import type { Change, Page } from "./types.ts";
import { uuid7 } from "./uuid7.ts";

type Schemas = components["schemas"];

export type Listed = Schemas["ListedModel"];
export type ListedInput = Omit<Schemas["ListedInput"], "id">;

export const watchList = {
  all: () => call<Page<Listed>>("GET", "/watch-list"),
  add: (wanted: ListedInput) => call<Listed>("POST", "/watch-list", { id: uuid7(), ...wanted }),
  /** For less time than before waits for a second person. */
  change: (id: string, until: string, reason: string, version: number) =>
    call<Listed | Change>("PUT", `/watch-list/${id}`, { until, reason, version }),
  /** Where people sign in it needs `why`, and waits for a second person: the answer is the change. */
  remove: (id: string, why?: string) => call<Change | undefined>("DELETE", `/watch-list/${id}${query({ why })}`),
};
