/** Units, accounts and keys, as whoever administers them sees them. */
import type { components } from "./api.d.ts";
import { download, upload } from "./files.ts";
import { call, query } from "./http.ts";
import type { Page } from "./types.ts";

type Schemas = components["schemas"];

export type Unit = Schemas["UnitModel"];
export type UnitDetail = Schemas["UnitDetailModel"];
export type Agency = Schemas["AgencyModel"];
export type User = Schemas["UserModel"];
export type UserDetail = Schemas["UserDetailModel"];
export type HeldRole = Schemas["HeldRoleModel"];
export type Invite = Schemas["InviteBody"];
export type Invited = Schemas["InvitedModel"];
export type RoleGrant = Schemas["GrantBody"];
export type AccountChange = Schemas["AccountChangeModel"];
export type AccountBatch = Schemas["AccountBatchModel"];
export type DecidedBatch = Schemas["DecidedBatchModel"];
export type Imported = Schemas["ImportModel"];
export type Key = Schemas["KeyModel"];
export type KeyInput = Schemas["KeyBody"];
export type Sharing = Schemas["SharingModel"];
export type SharingInput = Schemas["SharingBody"];

export interface UserFilter {
  q: string;
  unit: string;
  status: string;
  role: string;
}

const user = (id: string, what = ""): string => `/users/${id}${what}`;

export const people = {
  children: (parent: string, cursor?: string) => call<Page<Unit>>("GET", `/units?parent=${parent}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`),
  findUnits: (q: string) => call<Page<Unit>>("GET", `/units${query({ q, limit: 50 })}`),
  unit: (code: string) => call<UnitDetail>("GET", `/units/${code}`),
  agencies: (q: string) => call<Page<Agency>>("GET", `/agencies${query({ q, limit: 1000 })}`),
  users: (filter: UserFilter, cursor?: string) =>
    call<Page<User>>("GET", `/users${query({ ...filter, cursor, limit: 50 })}`),
  user: (id: string) => call<UserDetail>("GET", user(id)),
  invite: (body: Invite) => call<Invited>("POST", "/users", body),
  suspend: (id: string, reason: string) => call<UserDetail>("PUT", user(id, "/suspension"), { reason }),
  reinstate: (id: string, reason: string) => call<AccountChange>("POST", user(id, "/reinstatement"), { reason }),
  link: (id: string, reason: string) => call<AccountChange>("POST", user(id, "/link"), { reason }),
  resetFactors: (id: string, reason: string) => call<AccountChange>("POST", user(id, "/second-factor-reset"), { reason }),
  endSessions: (id: string, session = "") => call<void>("DELETE", user(id, session ? `/sessions/${session}` : "/sessions")),
  giveRole: (id: string, body: RoleGrant) => call<AccountChange>("POST", user(id, "/roles"), body),
  takeRole: (id: string, role: string) => call<UserDetail>("DELETE", user(id, `/roles/${role}`)),
  changes: (state: string, batch = "", cursor?: string) =>
    call<Page<AccountChange>>("GET", `/account-changes${query({ state, batch, cursor, limit: batch ? 50 : undefined })}`),
  batches: (state: string) => call<Page<AccountBatch>>("GET", `/account-batches${query({ state })}`),
  decideBatch: (id: string, agree: boolean, refuse: string[], note: string) =>
    call<DecidedBatch>("POST", `/account-batches/${id}/decision`, { agree, refuse, note }),
  takeBatchBack: (id: string) => call<AccountBatch>("DELETE", `/account-batches/${id}`),
  decide: (id: string, agree: boolean, note: string) =>
    call<AccountChange & { link: string | null }>("POST", `/account-changes/${id}/decision`, { agree, note }),
  takeBack: (id: string) => call<AccountChange>("DELETE", `/account-changes/${id}`),
  look: (file: File, onProgress: (share: number) => void) => upload<Imported>("/organisation/import", file, {}, onProgress),
  /** All of a file that was looked at; the server refuses another. */
  take: (file: File, sha256: string, onProgress: (share: number) => void) =>
    upload<Imported>(`/organisation/import?apply=${sha256}`, file, {}, onProgress),
  sheet: (name: "template.xlsx" | "units.xlsx" | "users.xlsx") => download("GET", `/organisation/${name}`),
  sharings: (ended: boolean) => call<Page<Sharing>>("GET", `/sharings${query({ ended: ended ? "true" : undefined })}`),
  share: (body: SharingInput) => call<Sharing>("POST", "/sharings", body),
  endSharing: (id: string, reason: string) => call<Sharing>("POST", `/sharings/${id}/end`, { reason }),
  keys: () => call<Page<Key>>("GET", "/keys"),
  makeKey: (body: KeyInput) => call<Key & { key: string }>("POST", "/keys", body),
  endKey: (id: string) => call<void>("DELETE", `/keys/${id}`),
};
