/** Contacts at sea: what was heard by VHF or seen, entered by hand. */
import type { components } from "./api.d.ts";
import { call, query } from "./http.ts";
import type { Page } from "./types.ts";
import { uuid7 } from "./uuid7.ts";

type Schemas = components["schemas"];

export type Contact = Schemas["ContactModel"];
export type ContactDetail = Schemas["ContactDetail"];
export type ContactStep = Schemas["ContactStepModel"];
export type What = Contact["what"];
export type EndWhy = Schemas["ContactEndInput"]["why"];
export type ReportBody = Pick<Schemas["ContactReportInput"], "lon" | "lat"> & Partial<Omit<Schemas["ContactReportInput"], "id">>;
export type EndBody = Omit<Schemas["ContactEndInput"], "id">;

export const contacts = {
  live: () => call<Page<Contact>>("GET", "/contacts"),
  all: (cursor?: string) => call<Page<Contact>>("GET", `/contacts${query({ past: true, cursor, limit: 20 })}`),
  one: (id: string) => call<ContactDetail>("GET", `/contacts/${encodeURIComponent(id)}`),
  /** The id makes it once, however often it is sent. */
  enter: (id: string, body: ReportBody) => call<Contact>("POST", "/contacts", { id, ...body }),
  report: (contact: string, id: string, body: ReportBody) => call<Contact>("POST", `/contacts/${contact}/reports`, { id, ...body }),
  end: (contact: string, id: string, body: EndBody) => call<Contact>("POST", `/contacts/${contact}/end`, { id, ...body }),
  newId: () => uuid7(),
};
