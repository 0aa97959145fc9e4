import { uuid7 } from "../../client/uuid7.ts";
import type { Fence, FenceInput, FenceRule, FenceRuleKind } from "../../client/types.ts";
import type { Lang, Words } from "../../words/index.ts";

export const RULE_KINDS: FenceRuleKind[] = ["entry", "exit", "speed_over", "speed_under", "night", "season", "presence"];

/** A rule as it starts when it is ticked. The season is that of the South China Sea moratorium, in
 * China's time; the night ends with civil twilight, which is the server's own choice too. */
export function newRule(kind: FenceRuleKind): FenceRule {
  const rule: FenceRule = { kind, priority: 3 };
  if (kind === "speed_over") return { ...rule, speed_kn: 15 };
  if (kind === "speed_under") return { ...rule, speed_kn: 2 };
  if (kind === "night") return { ...rule, sun_below_deg: -6 };
  if (kind === "season") return { ...rule, season_from: "05-01T12:00", season_to: "08-16T12:00", utc_offset_min: 480 };
  if (kind === "presence") return { ...rule, stay_s: 3600 };
  return rule;
}

export const newFence = (): FenceInput => ({
  type: "Feature",
  id: uuid7(),
  geometry: { type: "Polygon", coordinates: [] },
  properties: { name: { zh: "", en: "" }, valid_from: null, valid_to: null, rules: [newRule("entry")] },
});

/** What is sent back of a fence that came: its id and version, so that nobody's change is overwritten. */
export function inputOf(fence: Fence): FenceInput {
  const { name, valid_from, valid_to, rules, version } = fence.properties;
  const polygons = fence.geometry;
  const single = polygons.type === "MultiPolygon" && polygons.coordinates.length === 1 ? polygons.coordinates[0]! : null;
  return {
    type: "Feature",
    id: fence.id,
    geometry: single ? { type: "Polygon", coordinates: single } : polygons,
    properties: {
      name: { zh: name.zh ?? name.en ?? "", en: name.en ?? name.zh ?? "" },
      valid_from, valid_to, version,
      // A setting that a rule does not use comes as null and must not go back.
      rules: rules.map((r) => Object.fromEntries(Object.entries(r).filter(([, v]) => v !== null)) as unknown as FenceRule),
    },
  };
}

/** One plain polygon can be drawn anew and have its corners moved; others keep their shape. */
export function drawable(fence: FenceInput): GeoJSON.Polygon | null {
  return fence.geometry.type === "Polygon" && fence.geometry.coordinates.length <= 1 ? fence.geometry : null;
}

export function fenceName(fence: Fence, lang: Lang): string {
  const { zh, en } = fence.properties.name;
  return (lang === "zh" ? (zh ?? en) : (en ?? zh)) ?? fence.id;
}

export function ruleText(rule: FenceRule, t: Words): string {
  const name = t(`rule_kind.${rule.kind}`);
  if (rule.speed_kn != null) return `${name} ${rule.speed_kn} kn`;
  if (rule.season_from != null) return `${name} ${rule.season_from.replace("T", " ")} – ${rule.season_to?.replace("T", " ")}`;
  if (rule.stay_s != null) return `${name} ${rule.stay_s / 60} min`;
  return name;
}
