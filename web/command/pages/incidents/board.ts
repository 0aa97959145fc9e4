import type { Incident, IncidentStep, ListItem } from "../../../client/incidents.ts";

const GRAVITY: Incident["severity"][] = ["extreme", "major", "serious", "ordinary"];

/** What was known with what has come since: of each incident the latest. */
export function joined(before: readonly Incident[], now: readonly Incident[]): Incident[] {
  const latest = new Map(before.map((i) => [i.id, i]));
  for (const one of now) {
    if ((latest.get(one.id)?.version ?? 0) < one.version) latest.set(one.id, one);
  }
  return [...latest.values()];
}

/** What is overdue first, the furthest gone up; then the gravest, then the newest. */
export function inOrder(items: readonly Incident[]): Incident[] {
  return [...items].sort(
    (a, b) =>
      (b.due?.rung ?? 0) - (a.due?.rung ?? 0) ||
      GRAVITY.indexOf(a.severity) - GRAVITY.indexOf(b.severity) ||
      (a.opened < b.opened ? 1 : -1),
  );
}

/** What an item of the checklist said when it was ticked, where its file says something else since. */
export function saidThen({ text, done, is_listed }: ListItem): ListItem["text"] | null {
  return done && is_listed && (done.said.zh !== text.zh || done.said.en !== text.en) ? done.said : null;
}

/** What a step of the running log was about, in its own words: the item that was ticked. */
export function itemOf({ fields }: IncidentStep, lang: "zh" | "en"): string | null {
  const seen = fields.item !== undefined ? (fields.seen as Record<string, unknown> | undefined) : undefined;
  return typeof seen?.[lang] === "string" ? seen[lang] : null;
}

/** Steps that lead on along the way, in the order of the way; the others stand apart. */
export const FORWARD = ["accept", "dispatch", "begin", "feed_back", "verify", "close"];
/** Steps that say why. */
export const REASONED = new Set([
  "reject", "refuse", "feed_back", "send_back", "reopen", "transfer", "decline", "escalate", "note", "leave", "merge", "unmerge", "unlink",
]);
export const WITH_OUTCOME = new Set(["reject", "close"]);
export const WITH_UNIT = new Set(["transfer", "escalate"]);
export const WITH_OTHER = new Set(["link", "unlink", "merge"]);
/** Done from a source itself, or not by hand. */
export const NOT_BY_FORM = new Set(["add_source", "drop_source", "split", "tick", "untick"]);
