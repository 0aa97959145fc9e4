/** Records into the queue, out of it, to a file and back. */
import type { Values } from "../../sync/fields.ts";
import { PIECE_BYTES } from "../../sync/pieces.ts";
import { uuid7 } from "../../client/uuid7.ts";
import { all, counted, drop, everyKey, everyOne, one, put, writing } from "./idb.ts";
import { phone, unsent, type Entry, type RecordBody, type StoredFile } from "./state.ts";

export interface Noted {
  kind: RecordBody["kind"];
  thing?: string;
  base?: number;
  was?: Values;
  fields: Record<string, unknown>;
}

export interface Attached {
  blob: Blob;
  name: string;
  people: boolean;
}

const SENT_KEPT_MS = 7 * 86_400_000;

export async function sha256(blob: Blob): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, "0")).join("");
}

/** A record and the files that belong to it, kept as a whole or not at all: it rejects where the disk is
 * full. A report's files rest on it. */
export async function note(
  noted: Noted | null, files: Attached[], thing = "", fileKind: "incident.file" | "task.file" = "incident.file",
): Promise<string> {
  const { me } = phone.get();
  if (!me) throw new Error("nobody has signed in");
  const now = Date.now();
  const records: Noted[] = noted ? [noted] : [];
  const blobs: StoredFile[] = [];
  const first = uuid7(now);
  const of = noted ? (noted.thing ?? first) : thing;
  for (const file of files) {
    const hash = await sha256(file.blob);
    blobs.push({ sha256: hash, blob: file.blob, location: "", offset: 0, piece: PIECE_BYTES });
    records.push({
      kind: fileKind, thing: of,
      fields: {
        sha256: hash, size: file.blob.size, media_type: file.blob.type, name: file.name, shows_people: file.people,
        taken_at: new Date(now).toISOString(),
      },
    });
  }
  await writing(["queue", "files", "meta"], async (store) => {
    for (const [i, one] of records.entries()) {
      const id = noted && i === 0 ? first : uuid7(now);
      const record: RecordBody = {
        id, kind: one.kind, thing: one.thing ?? id, base: one.base ?? 0, was: one.was ?? {}, fields: one.fields,
        made_at: new Date(now).toISOString(),
      };
      const n = await counted(store, "n");
      store("queue").put(entryOf(record, n, me.id, now));
    }
    for (const blob of blobs) store("files").put(blob);
  });
  await load();
  return of;
}

/** Whether a file goes before it: what a form says is one too, and no part of the record. */
const hasBytes = (kind: string): boolean => kind.endsWith(".file") || kind === "form.submit";

export function entryOf(record: RecordBody, n: number, account: string, nowMs: number): Entry {
  return {
    n, id: record.id, kind: record.kind, thing: record.thing, state: "waiting", tries: 0, later: 0, next_ms: 0,
    bytes_ready: !hasBytes(record.kind), size: JSON.stringify(record).length, code: "", account, record,
    file_size: hasBytes(record.kind) ? Number(record.fields.size) || 0 : 0,
    made_ms: nowMs, reason: null, clashes: [], settled: "", sent_ms: 0,
  };
}

/** The queue of who has signed in, as it lies in the database. */
export async function load(): Promise<void> {
  const { me } = phone.get();
  const queue = (await all<Entry>("queue")).filter((q) => q.account === me?.id).sort((a, b) => a.n - b.n);
  phone.set({ queue });
}

export async function keep(entries: Entry[]): Promise<void> {
  await writing(["queue"], (of) => entries.forEach((e) => of("queue").put(e)));
  await load();
}

export async function again(entry: Entry): Promise<void> {
  await keep([{ ...entry, state: "waiting", tries: 0, later: 0, next_ms: 0, code: "", reason: null, bytes_ready: !hasBytes(entry.kind) }]);
}

export async function remove(entry: Entry): Promise<void> {
  await drop("queue", entry.id);
  await tidy();
  await load();
}

/** What the loser of a conflict wanted, once more, over what stands there now. */
export async function restore(entry: Entry): Promise<void> {
  const was = Object.fromEntries(entry.clashes.map((c) => [c.name, c.theirs]));
  const fields = Object.fromEntries(entry.clashes.map((c) => [c.name, c.yours]));
  await note({ kind: "incident.edit", thing: entry.thing, was, fields }, []);
  await keep([{ ...entry, settled: "restored" }]);
}

/** Sent ones after a week, and files that no record waits for. In one transaction: between two, a record noted
 * meanwhile would lose its file. */
export const tidy = (): Promise<void> =>
  writing(["queue", "files"], async (of) => {
    const queue = await everyOne<Entry>(of("queue"));
    for (const q of queue) if (q.state === "sent" && q.sent_ms < Date.now() - SENT_KEPT_MS) of("queue").delete(q.id);
    const wanted = new Set(queue.filter((q) => q.state !== "sent" && q.state !== "moved").map((q) => q.record.fields.sha256));
    for (const hash of await everyKey(of("files"))) if (!wanted.has(hash)) of("files").delete(hash);
  });

const FORMAT = "littoral-queue/1";

interface Saved {
  format: string;
  account: string;
  saved: string;
  records: RecordBody[];
  files: { sha256: string; type: string; base64: string }[];
}

async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

/** All that was not sent, with its files; `more`: what could not be put into the queue. */
export async function saved(more: { record: RecordBody; files: Attached[] }[] = []): Promise<Blob> {
  const { me, queue } = phone.get();
  const waiting = unsent(queue);
  const out: Saved = { format: FORMAT, account: me?.id ?? "", saved: new Date().toISOString(), records: waiting.map((q) => q.record), files: [] };
  for (const q of waiting) {
    const hash = q.record.fields.sha256;
    const file = typeof hash === "string" ? await one<StoredFile>("files", hash) : undefined;
    if (file) out.files.push({ sha256: file.sha256, type: file.blob.type, base64: await base64(file.blob) });
  }
  for (const { record, files } of more) {
    out.records.push(record);
    for (const file of files) {
      const hash = await sha256(file.blob);
      out.files.push({ sha256: hash, type: file.blob.type, base64: await base64(file.blob) });
      out.records.push({
        id: uuid7(), kind: "incident.file", thing: record.thing, base: 0, was: {}, made_at: record.made_at,
        fields: { sha256: hash, size: file.blob.size, media_type: file.blob.type, name: file.name, shows_people: file.people, taken_at: record.made_at },
      });
    }
  }
  return new Blob([JSON.stringify(out)], { type: "application/json" });
}

/** Into this phone's queue; how many are new and how many were there. Throws where the file is no queue of
 * this account. */
export async function loadFile(file: Blob): Promise<{ n: number; known: number }> {
  const { me, queue } = phone.get();
  const read = JSON.parse(await file.text()) as Partial<Saved>;
  if (read.format !== FORMAT || !me || read.account !== me.id || !Array.isArray(read.records)) throw new Error("not ours");
  const there = new Set(queue.map((q) => q.id));
  const fresh = read.records.filter((r) => !there.has(r.id));
  const blobs: StoredFile[] = (read.files ?? []).map((f) => ({
    sha256: f.sha256, location: "", offset: 0, piece: PIECE_BYTES,
    blob: new Blob([Uint8Array.from(atob(f.base64), (c) => c.charCodeAt(0))], { type: f.type }),
  }));
  await writing(["queue", "files", "meta"], async (of) => {
    for (const record of fresh) of("queue").put(entryOf(record, await counted(of, "n"), me.id, Date.parse(record.made_at)));
    for (const blob of blobs) of("files").put(blob);
  });
  await load();
  return { n: fresh.length, known: read.records.length - fresh.length };
}

export const keepFile = (file: StoredFile): Promise<void> => put("files", file);
