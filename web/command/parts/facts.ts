import type { Alert } from "../../client/types.ts";
import type { Lang } from "../../words/index.ts";

/** Facts and settings carry their unit at the end of their name. */
const UNITS: [suffix: string, show: (v: number) => string][] = [
  ["_mps", (v) => `${(v / 0.514444).toFixed(1)} kn`],
  ["_degpm", (v) => `${v.toFixed(1)} °/min`],
  ["_kn", (v) => `${v.toFixed(1)} kn`],
  ["_lon_deg", (v) => `${Math.abs(v).toFixed(4)}°${v < 0 ? "W" : "E"}`],
  ["_lat_deg", (v) => `${Math.abs(v).toFixed(4)}°${v < 0 ? "S" : "N"}`],
  ["_deg", (v) => `${v.toFixed(1)}°`],
  ["_nm", (v) => `${v.toFixed(2)} nm`],
  ["_km", (v) => `${v.toFixed(1)} km`],
  ["_m", (v) => (Math.abs(v) >= 5000 ? `${(v / 1852).toFixed(2)} nm` : `${Math.round(v)} m`)],
  ["_us", (v) => seconds(v / 1e6)],
  ["_ms", (v) => seconds(v / 1e3)],
  ["_s", (v) => seconds(v)],
  ["_h", (v) => `${v.toFixed(1)} h`],
  ["_min", (v) => `${v.toFixed(0)} min`],
];

const SUFFIX = new RegExp(`(${UNITS.map(([suffix]) => suffix).join("|")})$`);

function seconds(s: number): string {
  if (Math.abs(s) < 120) return `${s.toFixed(0)} s`;
  if (Math.abs(s) < 7200) return `${(s / 60).toFixed(1)} min`;
  return `${(s / 3600).toFixed(1)} h`;
}

type Names = (prefix: string, name: string) => string;

/** The facts of an alert that say something: without what is empty, and of a name in two languages the
 * one that is shown. */
export function factRows(alert: Alert, names: Names, lang: Lang): [string, string][] {
  const other = lang === "zh" ? "_en" : "_zh";
  return Object.entries(alert.facts)
    .filter(([name, value]) => value !== null && value !== "" && !name.endsWith(other))
    .map(([name, value]) => {
      const thing = alert.things.find((t) => t.ref === value);
      return factText(names, name.replace(/_(zh|en)$/, ""), thing ? thing.label : value);
    });
}

/** A rule's setting: most have a label of their own, the others that of the fact which they limit. */
export function settingText(names: Names, name: string, value: unknown): [string, string] {
  const [fact, shown] = factText(names, name, value);
  const stem = typeof value === "number" ? name.replace(SUFFIX, "") : name;
  const label = names("setting", stem);
  return [label === stem.replaceAll("_", " ") ? fact : label, shown];
}

/** The label and the value with its unit, as people read them. */
export function factText(names: Names, name: string, value: unknown): [string, string] {
  if (typeof value === "number") {
    for (const [suffix, show] of UNITS) {
      if (name.endsWith(suffix)) return [names("fact", name.slice(0, -suffix.length)), show(value)];
    }
    return [names("fact", name), Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)))];
  }
  if (typeof value === "boolean") return [names("fact", name), value ? "✓" : "✕"];
  if (value === null || value === undefined) return [names("fact", name), "–"];
  return [names("fact", name), typeof value === "string" ? names("value", value) : JSON.stringify(value)];
}
