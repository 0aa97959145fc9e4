/** Times as the page shows them. All come as ISO 8601 in UTC. */
import type { Health } from "../../client/types.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, date: boolean): Intl.DateTimeFormat {
  const key = `${zone} ${date}`;
  let f = formats.get(key);
  if (!f) {
    f = new Intl.DateTimeFormat("sv-SE", {
      timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit",
      ...(date ? { year: "numeric", month: "2-digit", day: "2-digit" } : {}),
    });
    formats.set(key, f);
  }
  return f;
}

export const clock = (ms: number, zone: string): string => format(zone, false).format(ms);
export const dateTime = (ms: number, zone: string): string => format(zone, true).format(ms);

/** The zone of who sits before the page. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** In the zone, then the same in UTC. */
export const bothTimes = (ms: number, zone: string): string =>
  zone === "UTC" ? `${dateTime(ms, zone)} UTC` : `${dateTime(ms, zone)} · ${clock(ms, "UTC")} UTC`;

const DAY_MS = 86_400_000;

/** The picture runs by a clock of its own: faster than real time, or at another day. One that is some hours behind is a
 * feed that has fallen silent. `wallMs`: when the health message came. */
export function clocksApart(health: Pick<Health, "event_time" | "speed"> | null, wallMs: number): boolean {
  if (!health?.event_time) return false;
  return health.speed !== 1 || Math.abs(Date.parse(health.event_time) - wallMs) > DAY_MS;
}

/** 45 s, 12 min, 3.5 h, 2.1 d. */
export function ageText(seconds: number): string {
  if (seconds < 0) return "0 s";
  if (seconds < 100) return `${Math.round(seconds)} s`;
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${(seconds / 3600).toFixed(1)} h`;
  return `${(seconds / 86400).toFixed(1)} d`;
}

/** For `<input type="datetime-local">`, in UTC. */
export const toField = (iso: string): string => iso.slice(0, 16);
export const fromField = (value: string): string => (value ? `${value}:00.000Z` : "");

/** How far the clock of the zone is ahead of UTC at that moment, ms. */
function aheadMs(ms: number, zone: string): number {
  return Date.parse(`${dateTime(ms, zone).replace(" ", "T")}Z`) - Math.floor(ms / 1000) * 1000;
}

/** `<input type="datetime-local">` shows the wall of the watch: a moment as its value, and back. */
export function toWall(iso: string, zone: string): string {
  const ms = Date.parse(iso);
  return new Date(ms + aheadMs(ms, zone)).toISOString().slice(0, 16);
}

export function fromWall(value: string, zone: string): string {
  if (!value) return "";
  const wall = Date.parse(`${value}:00Z`);
  const first = wall - aheadMs(wall, zone);
  return new Date(wall - aheadMs(first, zone)).toISOString();
}

/** When a day, as `<input type="date">` has it, begins in the zone; null for none. */
export const dayStart = (day: string, zone: string): string | null => (day ? fromWall(`${day}T00:00`, zone) : null);
