/** Bulletins on the phone: which are shown, and which their user has read. */
import type { components } from "../../client/api.d.ts";
import type { Entry, Item } from "./state.ts";

export type Bulletin = components["schemas"]["BulletinModel"];

const GRAVEST = ["extreme", "major", "serious", "ordinary"];

/** Whose time is not up, though nobody could tell the phone: the gravest first, then the newest. */
export function bulletinsNow(items: readonly Item[], nowMs: number): Bulletin[] {
  return items
    .flatMap((i) => (i.bulletin ? [i.bulletin] : []))
    .filter((b) => b.valid_until === null || Date.parse(b.valid_until) > nowMs)
    .sort((a, b) => GRAVEST.indexOf(a.severity) - GRAVEST.indexOf(b.severity) || b.seq - a.seq);
}

/** The version that its user has read, by what waits in the queue too. */
export function readOf(bulletin: Bulletin, queue: readonly Pick<Entry, "kind" | "thing" | "state" | "record">[]): number {
  const noted = queue
    .filter((q) => q.kind === "bulletin.read" && q.thing === bulletin.id && q.state !== "aside")
    .map((q) => Number(q.record.fields.version));
  return Math.max(bulletin.read_version, ...noted);
}
