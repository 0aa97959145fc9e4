/** What waits for a second person, what the rules judge by, and what another desk is asked to look at again. */
import type { components } from "./api.d.ts";
import { call, query } from "./http.ts";
import type { AlertDetail, Change, Page } from "./types.ts";

type Schemas = components["schemas"];

export type ChangeState = "waiting" | "made" | "refused" | "taken_back" | "lapsed" | "at_start";
export type ChangedSetting = Schemas["DifferenceModel"];
export type Rule = Schemas["DetectorModel"];
export type Setting = Schemas["RuleSettingModel"];
export type SettingsVersion = Schemas["RuleVersionModel"];
export type Review = Schemas["ReviewModel"];
export type DismissalCount = Schemas["CountModel"];

export const changes = {
  list: (state: ChangeState | "") => call<Page<Change>>("GET", `/changes${query({ state })}`),
  decide: (id: string, agree: boolean, note: string) => call<Change>("POST", `/changes/${id}/decision`, { agree, note }),
  takeBack: (id: string) => call<Change>("DELETE", `/changes/${id}`),
  rules: () => call<Page<Rule>>("GET", "/detectors"),
  versions: (rule: string) => call<Page<SettingsVersion>>("GET", `/detectors/${rule}/versions`),
  /** What makes the watch blinder needs `why`, and waits for a second person: the answer is the change. */
  set: (rule: string, version: number, values: Record<string, Setting["value"]>, why: string) =>
    call<Rule | Change>("POST", `/detectors/${rule}/settings`, { values, version, why }),
  reviews: () => call<Page<Review>>("GET", "/reviews"),
  review: (id: string, agree: boolean, note: string) => call<Review>("POST", `/reviews/${id}`, { agree, note }),
  alert: (id: string) => call<AlertDetail>("GET", `/alerts/${id}`),
  counts: (days: number) => call<Page<DismissalCount>>("GET", `/dismissals${query({ days })}`),
};
