import type { Alert, AlertState, Handling, Priority } from "../../client/types.ts";
import type { Lang } from "../../words/index.ts";

export interface AlertFilter {
  priorities: Priority[]; // empty: all
  states: AlertState[];
  handlings: Handling[];
  rule: string;
  text: string;
  sort: "urgency" | "time";
}

export const NO_FILTER: AlertFilter = {
  priorities: [], states: [], handlings: [], rule: "", text: "", sort: "urgency",
};

/** Calls for an answer: new, not withdrawn, and not explained away by a receiver's outage. */
export function unanswered(a: Alert): boolean {
  return a.handling === "new" && a.state !== "withdrawn" && a.held_by === null;
}

export function filterAlerts(all: Iterable<Alert>, f: AlertFilter, lang: Lang): Alert[] {
  const words = f.text.trim().toLowerCase();
  const out: Alert[] = [];
  for (const a of all) {
    if (f.priorities.length && !f.priorities.includes(a.priority)) continue;
    if (f.states.length && !f.states.includes(a.state)) continue;
    if (f.handlings.length && !f.handlings.includes(a.handling)) continue;
    if (f.rule && a.rule !== f.rule) continue;
    if (words && !textOf(a, lang).includes(words)) continue;
    out.push(a);
  }
  return out.sort(f.sort === "time" ? byTime : byUrgency);
}

function textOf(a: Alert, lang: Lang): string {
  const things = a.things.map((t) => `${t.label} ${t.mmsi ?? ""}`).join(" ");
  return `${a.sentence[lang]} ${things} ${a.rule} ${a.kind}`.toLowerCase();
}

const byTime = (a: Alert, b: Alert): number =>
  a.raised < b.raised ? 1 : a.raised > b.raised ? -1 : b.seq - a.seq;

/** The order of IEC 62923-1: what is not answered first, then by priority, then the newest. */
function byUrgency(a: Alert, b: Alert): number {
  return Number(unanswered(b)) - Number(unanswered(a)) || a.priority - b.priority || byTime(a, b);
}
