/** Notices: what a desk tells its people, and what each device says of it. */
import type { components } from "./api.d.ts";
import { call } from "./http.ts";
import type { Page } from "./types.ts";
import { uuid7 } from "./uuid7.ts";

type Schemas = components["schemas"];

export type Notice = Schemas["NoticeModel"];
export type DeskNotice = Schemas["DeskNoticeModel"];
export type NoticeDetail = Schemas["NoticeDetail"];
export type OwnNotices = Schemas["OwnNoticesModel"];
export type Contacts = Schemas["ContactsModel"];
export type CallBody = Omit<Schemas["CallInput"], "id">;
type OwnEvent = Omit<Schemas["OwnEventInput"], "id" | "text"> & { text?: string };

export const reach = {
  own: () => call<OwnNotices>("GET", "/me/notices"),
  say: (notice: string, id: string, event: OwnEvent) => call<Notice>("POST", `/me/notices/${notice}/events`, { id, ...event }),
  contacts: () => call<Contacts>("GET", "/me/contacts"),
  setContacts: (sms: string) => call<void>("PUT", "/me/contacts", { sms }),
  ofDesk: () => call<Page<DeskNotice>>("GET", "/notices"),
  send: (body: { id: string; text: string; to: string[] }) => call<Notice>("POST", "/notices", body),
  one: (id: string) => call<NoticeDetail>("GET", `/notices/${id}`),
  called: (notice: string, id: string, body: CallBody) => call<Notice>("POST", `/notices/${notice}/calls`, { id, ...body }),
  newId: () => uuid7(),
};
