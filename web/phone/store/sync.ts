/** What was noted, then what has changed: the protocol of contracts/sync. */
import { ApiError, call } from "../../client/http.ts";
import { uuid7 } from "../../client/uuid7.ts";
import { afterAnswer, NOTHING, type Held } from "../../sync/held.ts";
import { afterTold } from "../../sync/notices.ts";
import { answered, unanswered, type Answer } from "../../sync/queue.ts";
import { nextTurn, type Turn } from "../../sync/turn.ts";
import type { Clash } from "../../sync/fields.ts";
import { all, meta, one, setMeta, writing } from "./idb.ts";
import { forgetForms, loadForms, pullForms } from "./forms.ts";
import type { OwnNotices } from "./notices.ts";
import { keep, load, tidy } from "./queue.ts";
import { phone, type Account, type Entry, type Gone, type HeldItem, type Item, type Lists, type Result, type Said, type StoredFile } from "./state.ts";
import { ANSWER_MS, Lost, PIECE_MS, upload } from "./upload.ts";

const EVERY_MS = 60_000; // while the page is seen
const WRONG_MS = 120_000;
const PUSH_MS = 60_000; // many records at a slow line

interface Pushed {
  ahead_s: number;
  clock_is_wrong: boolean;
  results: Result[];
  changes: ChangesBody | null;
}

interface ChangesBody {
  token: string;
  reset: boolean;
  more: boolean;
  now: string;
  items: Item[];
  gone: { kind: string; id: string; reason: Said & { code: string } }[];
  checklists: Lists | null;
  notices: OwnNotices | null;
}

const UNTOLD: OwnNotices = { edition: "", items: [] };

const saidBy = (error: ApiError): Said => {
  const reason = (error.problem as { reason?: Said }).reason;
  return reason ?? { zh: error.message, en: error.message };
};

/** What a browser says of its network is not to be relied on, so that it is known by what is answered. */
let isCut = false;
let running: Promise<void> | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

/** One at a time, over all windows of this browser. */
export function sync(): Promise<void> {
  return (running ??= onlyOne());
}

async function onlyOne(): Promise<void> {
  try {
    await navigator.locks.request("littoral-sync", everything);
  } finally {
    running = null;
    later();
  }
}

function later(): void {
  clearTimeout(timer);
  const { queue, phase } = phone.get();
  if (phase !== "in") return;
  const now = Date.now();
  const next = queue.filter((q) => q.state === "waiting" && q.next_ms > now).map((q) => q.next_ms - now);
  const seen = document.visibilityState === "visible";
  const wait = Math.min(...next, seen ? EVERY_MS : Infinity);
  if (Number.isFinite(wait)) timer = setTimeout(() => void sync(), Math.max(500, wait));
}

async function everything(): Promise<void> {
  if (phone.get().phase !== "in") return;
  phone.set({ busy: true });
  try {
    await load();
    const before = isCut;
    const told = await send();
    const wasCut = before || isCut;
    if (!told) await pull();
    if (wasCut && !isCut) {
      await hurry();
      await send();
    }
    await forms();
    await tidy();
  } finally {
    phone.set({ busy: false });
  }
}

/** All that is due; whether the last answer told what has changed. A file that does not get through holds up no other
 * record; where nothing is answered, all wait. */
async function send(): Promise<boolean> {
  let told = false;
  while (phone.get().phase === "in") {
    const turn = nextTurn(phone.get().queue, Date.now());
    if (turn.kind === "changes") break;
    const entries = turn.ids.map((id) => phone.get().queue.find((q) => q.id === id)!);
    if (turn.kind === "push") {
      const said = await push(turn, entries);
      if (!said) return false;
      told = said.told;
    } else told = await fileOf(turn, entries[0]!);
  }
  return told;
}

function reached(is: boolean): void {
  isCut = !is;
  phone.set({ online: is });
}

/** Forms change seldom; that they cannot be asked for holds up nothing. */
async function forms(): Promise<void> {
  if (phone.get().phase !== "in") return;
  try {
    await pullForms();
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 403) await forgetForms();
  }
}

/** The file of a record, with it or in pieces; whether the answer told what has changed. */
async function fileOf(turn: Turn, entry: Entry): Promise<boolean> {
  const file = await one<StoredFile>("files", String(entry.record.fields.sha256));
  if (!file) {
    await keep([{ ...entry, state: "aside", code: "no_file" }]);
    return false;
  }
  if (turn.kind === "push_file" && !file.location) return (await push(turn, [entry], file))?.told ?? false;
  try {
    await upload(file, () => void load());
    await keep([{ ...entry, bytes_ready: true, tries: 0, next_ms: 0 }]);
  } catch (error) {
    if (error instanceof Lost && error.refused) {
      await keep([{ ...entry, state: "aside", code: "policy", reason: error.refused }]);
    } else {
      if (error instanceof Lost && error.unreached) reached(false);
      await keep([unanswered(entry, Date.now(), Math.random())]);
      if (error instanceof Lost && error.signedOut) await signedOut();
    }
  }
  return false;
}

/** Whether the answer told what has changed; null: there was none. */
async function push(turn: Turn, entries: Entry[], file?: StoredFile): Promise<{ told: boolean } | null> {
  const { device } = phone.get();
  const held = await heldNow();
  const body = {
    device, clock: new Date().toISOString(), records: entries.map((e) => e.record),
    ...(turn.asks ? { changes: asked(held) } : {}),
  };
  let said: Pushed;
  try {
    said = file
      ? await call<Pushed>("POST", "/sync/push-file", new Blob([JSON.stringify(body), "\n", file.blob]), PIECE_MS)
      : await call<Pushed>("POST", "/sync/push", body, PUSH_MS);
  } catch (error) {
    const status = error instanceof ApiError ? error.problem.status : null;
    if (status === 0) reached(false);
    const wait = status === 429 ? 60 : null;
    await keep(entries.map((e) => unanswered(e, Date.now(), Math.random(), wait)));
    if (status === 401) await signedOut();
    if (status === 403) phone.set({ barred: saidBy(error as ApiError) });
    return null;
  }
  phone.set({ aheadMs: said.clock_is_wrong ? said.ahead_s * 1000 : null, barred: null });
  let told = false;
  try {
    // First, so that what was answered never stands there as unanswered in between; a full disk holds up no queue.
    if (said.changes) told = await taken(held, said.changes);
  } finally {
    await keep(entries.map((entry, i) => outcome(entry, said.results[i]!)));
  }
  return { told };
}

function outcome(entry: Entry, result: Result): Entry {
  const last = result.status === "known" && result.first ? result.first : result;
  const made = answered(entry, result as Answer, Date.now(), Math.random());
  return {
    ...made,
    reason: last.reason ?? null,
    clashes: (last.clashes ?? []) as Clash[],
    sent_ms: made.state === "sent" || made.state === "moved" ? Date.now() : 0,
  };
}

async function heldNow(): Promise<Held> {
  const { me } = phone.get();
  return (me && (await meta<Held>(`held.${me.id}`))) || NOTHING;
}

const asked = (held: Held): object => ({
  after: held.token, checklists: phone.get().lists?.edition ?? "", notices: phone.get().notices.edition,
});

async function pull(): Promise<void> {
  for (;;) {
    const { device, me, phase } = phone.get();
    if (phase !== "in" || !me) return;
    const held = await heldNow();
    let said: ChangesBody;
    try {
      said = await call<ChangesBody>("POST", "/sync/changes", { device, ...asked(held) }, ANSWER_MS);
    } catch (error) {
      const status = error instanceof ApiError ? error.problem.status : null;
      if (status === 0) reached(false);
      if (status === 401) return signedOut();
      if (status === 403) {
        phone.set({ barred: saidBy(error as ApiError) });
        await forget();
      }
      return;
    }
    if (await taken(held, said)) return;
  }
}

/** Keeps what the server told; whether that was all: a notice that is new is had once it is asked for no more. */
async function taken(held: Held, said: ChangesBody): Promise<boolean> {
  const { me } = phone.get();
  if (!me) return true;
  reached(true);
  const after = afterAnswer(held, 200, said);
  const [notices, isNew] = afterTold((await meta<OwnNotices>("notices")) ?? UNTOLD, said.notices);
  const there = new Map((await all<HeldItem>("held")).map((h) => [h.key, h]));
  const gone: Gone[] = Object.keys(after.told).map((key) => ({
    key, title: titleOf(there.get(key)?.item) ?? key, reason: said.gone.find((g) => `${g.kind}/${g.id}` === key)!.reason,
  }));
  // The token is kept with what came with it, or not at all.
  await writing(["held", "meta"], (of) => {
    for (const key of there.keys()) if (!(key in after.things)) of("held").delete(key);
    for (const item of said.items) {
      const key = `${item.kind}/${item.id}`;
      if (key in after.things) of("held").put({ key, item } satisfies HeldItem);
    }
    of("meta").put({ key: `held.${me.id}`, value: after });
    of("meta").put({ key: "synced", value: Date.now() });
    if (said.checklists) of("meta").put({ key: "lists", value: said.checklists });
    of("meta").put({ key: "notices", value: notices });
  });
  const ahead = Date.now() - Date.parse(said.now);
  phone.set({
    gone: [...phone.get().gone, ...gone], syncedMs: Date.now(), aheadMs: Math.abs(ahead) >= WRONG_MS ? ahead : null,
  });
  await loadHeld();
  return !said.more && !isNew;
}

export const titleOf = (item: Item | undefined): string | undefined => item?.incident?.title ?? item?.task?.what ?? item?.bulletin?.title;

export async function loadHeld(): Promise<void> {
  phone.set({
    items: (await all<HeldItem>("held")).map((h) => h.item),
    lists: (await meta<Lists>("lists")) ?? null,
    notices: (await meta<OwnNotices>("notices")) ?? UNTOLD,
  });
}

/** What was given to this phone goes; what waits to be sent stays. */
export async function forget(): Promise<void> {
  const { me } = phone.get();
  await writing(["held", "meta"], (of) => {
    of("held").clear();
    of("meta").delete("lists");
    of("meta").delete("notices");
    if (me) of("meta").put({ key: `held.${me.id}`, value: NOTHING });
  });
  phone.set({ items: [], lists: null, notices: UNTOLD });
  await forgetForms();
}

export async function signedOut(): Promise<void> {
  await forget();
  phone.set({ phase: "out", again: true });
}

export async function entered(me: Account): Promise<void> {
  const before = await meta<Account>("me");
  if (before && before.id !== me.id) await forget();
  await setMeta("me", me);
  phone.set({ me, phase: "in", again: false, barred: null });
  await load();
  await loadHeld();
  await loadForms();
  void atOnce(); // how long an earlier page wanted to wait says nothing of the network now
}

export async function signOut(): Promise<void> {
  await call("DELETE", "/session").catch(() => undefined);
  await forget();
  await writing(["meta", "drafts", "filling"], (of) => {
    of("meta").delete("me");
    of("drafts").clear();
    of("filling").clear();
  });
  phone.set({ phase: "out", again: false, me: null, queue: [], drafts: [], filling: [], gone: [] });
}

/** Opens with what lies on the phone, before anything is asked of a network. */
export async function begin(): Promise<void> {
  let device = await meta<string>("device");
  if (!device) {
    device = uuid7();
    await setMeta("device", device);
  }
  const me = (await meta<Account>("me")) ?? null;
  phone.set({ device, me, syncedMs: (await meta<number>("synced")) ?? 0 });
  if (me) {
    phone.set({ phase: "in" });
    await load();
    await loadHeld();
    await loadForms();
  }
  phone.set({ ready: true });
  try {
    const who = await call<{ id: string; name: string; needs?: string | null }>("GET", "/me", undefined, ANSWER_MS);
    if (!who.needs) await entered({ id: who.id, name: who.name });
    else phone.set({ phase: "out" });
  } catch (error) {
    const status = error instanceof ApiError ? error.problem.status : 0;
    if (status === 0) reached(false); // told at once: the first sync may be a minute away
    if (status === 401) await (me ? signedOut() : Promise.resolve(phone.set({ phase: "out" })));
    else if (!me) phone.set({ phase: "out" });
    later();
  }
}

export function follow(): void {
  const look = (): void => {
    phone.set({ online: navigator.onLine });
    if (navigator.onLine) void atOnce();
  };
  window.addEventListener("online", look);
  window.addEventListener("offline", look);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void atOnce();
  });
}

/** Nothing waits for its time. */
async function hurry(): Promise<void> {
  const waiting = phone.get().queue.filter((q) => q.state === "waiting" && q.next_ms > 0);
  if (waiting.length > 0) await keep(waiting.map((q) => ({ ...q, next_ms: 0 })));
}

/** The network is back, the page was opened, or the user asks. */
export async function atOnce(): Promise<void> {
  await hurry();
  if (running) await running;
  await sync();
}
