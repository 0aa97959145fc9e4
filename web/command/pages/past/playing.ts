/** The state of a replay, and what follows from it by itself: no network, no page. */
import type { Contact } from "../../../client/contacts.ts";
import type { ContactStanding, Standing } from "../../../client/past.ts";
import type { Alert } from "../../../client/types.ts";

export const SPEEDS = [1, 2, 5, 10, 30, 60, 120] as const;
export const HOUR_MS = 3_600_000;
/** An alert whose cause is over stays in sight for so long, as the live picture shows it. */
const SHOWN_AFTER_MS = HOUR_MS;

export const faster = (speed: number): number => SPEEDS[Math.min(SPEEDS.length - 1, SPEEDS.indexOf(speed as 1) + 1)]!;
export const slower = (speed: number): number => SPEEDS[Math.max(0, SPEEDS.indexOf(speed as 1) - 1)]!;

/** Of each alert what held at that time; those that were withdrawn or long over are left out. By urgency, then
 * the newest first. */
export function standingAt(standings: readonly Standing[], atMs: number): Standing[] {
  const held = new Map<string, Standing>();
  for (const s of standings) {
    if (Date.parse(s.at) > atMs) continue;
    const before = held.get(s.alert);
    if (!before || Date.parse(before.at) <= Date.parse(s.at)) held.set(s.alert, s);
  }
  return [...held.values()]
    .filter((s) => s.state !== "withdrawn" && (s.end === null || Date.parse(s.end) + SHOWN_AFTER_MS > atMs))
    .sort((a, b) => a.priority - b.priority || Date.parse(b.start) - Date.parse(a.start) || (a.alert < b.alert ? -1 : 1));
}

/** When alerts were first said, ascending, each once. */
export function beginnings(standings: readonly Standing[]): { alert: string; atMs: number; priority: number }[] {
  const first = new Map<string, { alert: string; atMs: number; priority: number }>();
  for (const s of standings) {
    const atMs = Date.parse(s.at);
    const before = first.get(s.alert);
    if (!before || atMs < before.atMs) first.set(s.alert, { alert: s.alert, atMs, priority: s.priority });
  }
  return [...first.values()].sort((a, b) => a.atMs - b.atMs);
}

/** What the map's layer of alerts needs of one. */
export type Marked = Pick<Alert, "id" | "lon" | "lat" | "priority">;

export const markOf = (s: Standing): Marked => ({ id: s.alert, lon: s.lon, lat: s.lat, priority: s.priority as Alert["priority"] });

/** Contacts in the picture of that time, as they were known then. */
export function contactsAt(standings: readonly ContactStanding[], atMs: number): Contact[] {
  const held = new Map<string, ContactStanding>();
  for (const s of standings) {
    if (Date.parse(s.at) > atMs) continue;
    const before = held.get(s.contact.id);
    if (!before || before.contact.version <= s.contact.version) held.set(s.contact.id, s);
  }
  return [...held.values()].map((s) => s.contact).filter((c) => c.ended === null && Date.parse(c.until) > atMs);
}
