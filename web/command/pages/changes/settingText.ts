import type { Setting } from "../../../client/changes.ts";
import { wordOr, type Lang, type Words } from "../../../words/index.ts";

const KNOT_MPS = 1852 / 3600;
const NEVER_S = 1e9;

/** What a setting is called. Those that nobody may change come without words: `ring_alerts.0.from_ring` is told part by
 * part, by the words of settings and facts. */
export function settingName(of: { name: string; zh: string; en: string }, lang: Lang): string {
  if (of[lang] !== of.name) return of[lang];
  return of.name
    .split(".")
    .map((part) => {
      const stem = part.replace(/_(s|m|mps|deg)$/, "");
      return /^\d+$/.test(part) ? String(Number(part) + 1) : wordOr(lang, `setting.${stem}`, wordOr(lang, `fact.${stem}`, stem.replaceAll("_", " ")));
    })
    .join(" · ");
}

/** A value as a watch officer reads it: times in minutes or hours, speeds in knots, priorities by name. */
export function settingText({ name, unit }: Pick<Setting, "name" | "unit">, value: Setting["value"] | undefined, t: Words): string {
  if (value === null || value === undefined) return t("rules.off");
  if (typeof value === "boolean") return t(value ? "rules.yes" : "rules.no");
  if (typeof value === "string") return value;
  if (name.endsWith("priority") && [1, 2, 3, 4].includes(value)) return t(`priority.${value as 1 | 2 | 3 | 4}`);
  if (unit === "s" && value >= NEVER_S) return t("rules.never");
  if (unit === "s" && value >= 7200) return `${short(value / 3600)} h`;
  if (unit === "s" && value >= 120) return `${short(value / 60)} min`;
  if (unit === "m/s") return `${short(value / KNOT_MPS)} kn`;
  return unit === "" ? short(value) : `${short(value)} ${unit}`;
}

/** In which unit a value is typed, and how many of the setting's own units one of it has: speeds in knots, as they are read. */
export const typedIn = (unit: string): { unit: string; factor: number } => (unit === "m/s" ? { unit: "kn", factor: KNOT_MPS } : { unit, factor: 1 });

export const short = (value: number): string => String(Number(value.toPrecision(4)));
