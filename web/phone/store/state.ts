/** What the phone shows; it follows the database. */
import type { components } from "../../client/api.d.ts";
import type { Clash, Values } from "../../sync/fields.ts";
import type { Queued } from "../../sync/queue.ts";
import type { OwnNotices } from "./notices.ts";
import { Store } from "../../command/state/store.ts";

type Schemas = components["schemas"];
export type Item = Schemas["SyncedModel"];
export type Incident = Schemas["IncidentModel"];
export type Task = Schemas["TaskModel"];
export type Lists = Schemas["ListsModel"];
/** What was noted, as it is sent (contracts/sync). */
export interface RecordBody {
  id: string;
  kind: "incident.report" | "incident.edit" | "incident.add" | "incident.file" | "incident.check" | "task.step" | "task.file" | "form.submit" | "form.file" | "bulletin.read" | "notice.answer";
  thing: string;
  base: number;
  was: Values;
  fields: Record<string, unknown>;
  made_at: string;
}
export type Result = Schemas["ResultModel"];
export type Said = { zh: string; en: string };

export interface Account {
  id: string;
  name: string;
}

/** A record in the queue, of one account. */
export interface Entry extends Queued {
  account: string;
  record: RecordBody;
  made_ms: number;
  reason: Said | null;
  clashes: Clash[];
  /** Of a conflict: settled by its user. */
  settled: "" | "restored" | "theirs";
  sent_ms: number;
}

export interface StoredFile {
  sha256: string;
  blob: Blob;
  /** Address of its upload; empty: not begun, or given up by the server. */
  location: string;
  offset: number;
  piece: number;
}

export interface HeldItem {
  key: string;
  item: Item;
}

export interface Draft {
  id: string;
  account: string;
  fields: Values;
  files: Blob[];
  people: boolean;
}

export type Form = Schemas["FormModel"];

/** A form as it lies on this phone, so that it opens without a network. */
export interface KeptForm {
  id: string;
  form: Form;
  xform: string;
}

/** One that is being filled in: its answers as ODK writes them, and what belongs to them. */
export interface Filling {
  id: string;
  account: string;
  form: string;
  title: string;
  xml: string;
  files: { name: string; blob: Blob }[];
  saved_ms: number;
}

export interface Gone {
  key: string;
  title: string;
  reason: Said;
}

export interface PhoneState {
  ready: boolean;
  lang: "zh" | "en";
  phase: "asking" | "out" | "in";
  /** Signed in before; the session has ended. */
  again: boolean;
  me: Account | null;
  device: string;
  online: boolean;
  busy: boolean;
  queue: Entry[];
  items: Item[];
  /** All checklists, by type; null: not on this phone yet. */
  lists: Lists | null;
  /** Own ones of a day, newest first. */
  notices: OwnNotices;
  drafts: Draft[];
  gone: Gone[];
  forms: KeptForm[];
  filling: Filling[];
  /** How far this clock is ahead of the server's, ms; null: right, or not known. */
  aheadMs: number | null;
  /** Why the server takes nothing of this account at all. */
  barred: Said | null;
  syncedMs: number;
}

const stored = localStorage.getItem("littoral.phone.lang");
const first = navigator.languages.find((l) => /^(zh|en)\b/i.test(l));

export const phone = new Store<PhoneState>({
  ready: false,
  lang: stored === "en" || stored === "zh" ? stored : first === undefined || /^zh/i.test(first) ? "zh" : "en",
  phase: "asking", again: false, me: null, device: "", online: navigator.onLine, busy: false, queue: [], items: [], lists: null,
  notices: { edition: "", items: [] }, drafts: [], gone: [], forms: [], filling: [], aheadMs: null, barred: null, syncedMs: 0,
});

export const unsent = (queue: readonly Entry[]): Entry[] =>
  queue.filter((q) => q.state === "waiting" || q.state === "aside" || (q.state === "conflict" && !q.settled));
