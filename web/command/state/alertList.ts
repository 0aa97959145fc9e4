import { NOTED, type Alert, type AlertState, type Handling, type Priority } from "../../client/types.ts";
import type { Lang } from "../../words/index.ts";

/** What is the watch's business now, what is over, what is set aside (on a shelf, or explained by another cause), what is
 * only noted, or all but that. */
export type When = "now" | "ended" | "aside" | "noted" | "all";

export interface AlertFilter {
  when: When;
  priorities: Priority[]; // empty: all
  states: AlertState[];
  handlings: Handling[];
  rule: string;
  text: string;
  sort: "urgency" | "time";
}

export const NO_FILTER: AlertFilter = {
  when: "now", priorities: [], states: [], handlings: [], rule: "", text: "", sort: "urgency",
};

/** So long after its end, by event time, an unanswered alert is still the watch's business. */
const RECENT_MS = 30 * 60_000;

/** Its cause goes on, or is over for so short a time that whoever looks up now must still see it
 * (an entry is over as soon as it is told). `nowMs` is event time: what filled history is old. */
export function current(a: Alert, nowMs: number): boolean {
  if (a.phase === "ongoing") return a.handling !== "dismissed";
  return a.phase === "ended_unanswered" && Date.parse(a.end!) >= nowMs - RECENT_MS;
}

/** For how long its cause goes on by now, in seconds of event time; null: it is over, or the page knows no time yet. */
export function lastsSeconds(a: Pick<Alert, "start" | "phase">, nowMs: number): number | null {
  if (a.phase !== "ongoing" || Number.isNaN(nowMs)) return null;
  return Math.max(0, (nowMs - Date.parse(a.start)) / 1000);
}

/** What is told to the watch at all: more than noted, not explained away by another cause and not on a shelf. */
export function told(a: Alert): boolean {
  return a.priority < NOTED && a.held_by === null && a.shelf === null;
}

/** Wants an answer: current, new and told. */
export function unanswered(a: Alert, nowMs: number): boolean {
  return a.handling === "new" && told(a) && current(a, nowMs);
}

/** Sounds: one that wants an answer and was not told with its group, which sounds for it. */
export function calls(a: Alert, nowMs: number): boolean {
  return !a.grouped && unanswered(a, nowMs);
}

function within(a: Alert, when: When, nowMs: number): boolean {
  if ((when === "noted") !== (a.priority === NOTED)) return false;
  if (when === "noted") return true;
  if (when === "all") return true;
  if (when === "aside") return !told(a) && current(a, nowMs);
  return when === "now" ? told(a) && current(a, nowMs) : a.phase === "ended_unanswered" || a.phase === "ended_handled";
}

export function filterAlerts(all: Iterable<Alert>, f: AlertFilter, lang: Lang, nowMs: number): Alert[] {
  const words = f.text.trim().toLowerCase();
  const out: Alert[] = [];
  for (const a of all) {
    if (!within(a, f.when, nowMs)) continue;
    if (f.priorities.length && !f.priorities.includes(a.priority)) continue;
    if (f.states.length && !f.states.includes(a.state)) continue;
    if (f.handlings.length && !f.handlings.includes(a.handling)) continue;
    if (f.rule && a.rule !== f.rule) continue;
    if (words && !textOf(a, lang).includes(words)) continue;
    out.push(a);
  }
  return out.sort(f.sort === "time" ? byTime : byUrgency(nowMs));
}

function textOf(a: Alert, lang: Lang): string {
  const things = a.things.map((t) => `${t.label} ${t.mmsi ?? ""}`).join(" ");
  return `${a.sentence[lang]} ${things} ${a.rule} ${a.kind}`.toLowerCase();
}

const byTime = (a: Alert, b: Alert): number =>
  a.start < b.start ? 1 : a.start > b.start ? -1 : b.seq - a.seq;

/** The order of IEC 62923-1: what is not answered first, then by priority, then the newest. */
const byUrgency = (nowMs: number) => (a: Alert, b: Alert): number =>
  Number(unanswered(b, nowMs)) - Number(unanswered(a, nowMs)) || a.priority - b.priority || byTime(a, b);
