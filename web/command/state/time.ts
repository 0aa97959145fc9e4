/** Times as the page shows them. All come as ISO 8601 in UTC. */

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
