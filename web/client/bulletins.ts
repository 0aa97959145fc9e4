/** Bulletins: official information for an area, who has it and who has read it. */
import type { components } from "./api.d.ts";
import { call, query } from "./http.ts";
import type { Page } from "./types.ts";
import { uuid7 } from "./uuid7.ts";

type Schemas = components["schemas"];

export type Bulletin = Schemas["BulletinModel"];
export type BulletinDetail = Schemas["BulletinDetail"];
export type BulletinSaid = Schemas["BulletinSaid"];
export type BulletinBody = BulletinSaid & Pick<Schemas["BulletinInput"], "kind" | "area">;
export type BulletinReach = Schemas["BulletinReachModel"];

export const BULLETIN_KINDS: Bulletin["kind"][] = ["weather", "mariners", "epidemic", "other"];

export const bulletins = {
  list: (past = false) => call<Page<Bulletin>>("GET", `/bulletins${query({ past: past ? "true" : undefined, limit: 200 })}`),
  one: (id: string) => call<BulletinDetail>("GET", `/bulletins/${id}`),
  issue: (id: string, body: BulletinBody) => call<Bulletin>("POST", "/bulletins", { id, ...body }),
  revise: (id: string, step: string, base: number, said: BulletinSaid) =>
    call<Bulletin>("POST", `/bulletins/${id}/steps`, { id: step, kind: "revise", base, said }),
  withdraw: (id: string, step: string, reason: string) =>
    call<Bulletin>("POST", `/bulletins/${id}/steps`, { id: step, kind: "withdraw", reason }),
  read: (id: string, version: number) => call<Bulletin>("POST", `/bulletins/${id}/read`, { version }),
  reach: (id: string) => call<BulletinReach>("GET", `/bulletins/${id}/reach`),
  newId: () => uuid7(),
};
