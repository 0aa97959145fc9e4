/** Facts and settings carry their unit at the end of their name. */
const UNITS: [suffix: string, show: (v: number) => string][] = [
  ["_mps", (v) => `${(v / 0.514444).toFixed(1)} kn`],
  ["_degpm", (v) => `${v.toFixed(1)} °/min`],
  ["_kn", (v) => `${v.toFixed(1)} kn`],
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

function seconds(s: number): string {
  if (Math.abs(s) < 120) return `${s.toFixed(0)} s`;
  if (Math.abs(s) < 7200) return `${(s / 60).toFixed(1)} min`;
  return `${(s / 3600).toFixed(1)} h`;
}

/** The label and the value with its unit, as people read them. */
export function factText(names: (prefix: string, name: string) => string, name: string, value: unknown): [string, string] {
  if (typeof value === "number") {
    for (const [suffix, show] of UNITS) {
      if (name.endsWith(suffix)) return [names("fact", name.slice(0, -suffix.length)), show(value)];
    }
    return [names("fact", name), String(Number(value.toPrecision(6)))];
  }
  if (typeof value === "boolean") return [names("fact", name), value ? "✓" : "✕"];
  if (value === null || value === undefined) return [names("fact", name), "–"];
  return [names("fact", name), typeof value === "string" ? value : JSON.stringify(value)];
}
