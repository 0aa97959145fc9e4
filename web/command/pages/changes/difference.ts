import type { Change, Fence, FenceRule } from "../../../client/types.ts";
import type { Lang, Words } from "../../../words/index.ts";
import { ruleText } from "../../parts/fence.ts";

const EARTH_KM = 6371.0088; // mean radius, IUGG

export interface Difference {
  part: "name" | "from" | "to" | "area" | "rule";
  before: string;
  after: string;
}

/** A fence as the records keep it. */
export const fenceOf = (document: Change["before"]): Fence => document as unknown as Fence;

export function nameOf(document: Change["before"], lang: Lang): string {
  const name: unknown = fenceOf(document).properties?.name;
  if (typeof name === "string") return name;
  const { zh = "", en = "" } = (name ?? {}) as { zh?: string; en?: string };
  return (lang === "zh" ? zh || en : en || zh) || fenceOf(document).id;
}

export function ringsOf({ geometry }: Pick<Fence, "geometry">): [number, number][][] {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  return polygons.flat() as [number, number][][];
}

/** Of a ring on the sphere, in km²: positive when it runs anticlockwise. */
function ringArea(ring: [number, number][]): number {
  const rad = Math.PI / 180;
  let sum = 0;
  for (let i = 0; i < ring.length - 1; i++) {
    const [x1, y1] = ring[i]!;
    const [x2, y2] = ring[i + 1]!;
    sum += (x2 - x1) * rad * (2 + Math.sin(y1 * rad) + Math.sin(y2 * rad));
  }
  return (-sum * EARTH_KM * EARTH_KM) / 2;
}

/** The outer rings less the holes, in km². */
export function areaOf(fence: Pick<Fence, "geometry">): number {
  const polygons = fence.geometry.type === "Polygon" ? [fence.geometry.coordinates] : fence.geometry.coordinates;
  return polygons.reduce((sum, rings) => {
    const [outer = 0, ...holes] = rings.map((r) => Math.abs(ringArea(r as [number, number][])));
    return sum + outer - holes.reduce((a, b) => a + b, 0);
  }, 0);
}

const areaText = (fence: Fence): string => {
  const km2 = areaOf(fence);
  return `${km2 < 100 ? km2.toFixed(2) : Math.round(km2).toLocaleString("en")} km²`;
};

/** A rule with everything in it that a change could loosen. */
export function ruleWhole(rule: FenceRule, t: Words): string {
  const parts = [ruleText(rule, t)];
  if (rule.sun_below_deg != null) parts.push(t("change.sunBelow", { deg: -rule.sun_below_deg }));
  if (rule.ship_types?.length) parts.push(t("change.shipTypes", { types: rule.ship_types.join(", ") }));
  parts.push(t(`priority.${rule.priority}`));
  return parts.join(" · ");
}

/** What differs, in words; `after` null: all of it goes. */
export function differences(change: Pick<Change, "before" | "after">, t: Words, lang: Lang): Difference[] {
  const before = fenceOf(change.before);
  const after = change.after ? fenceOf(change.after) : null;
  const gone = t("change.gone");
  const found: Difference[] = [];
  const add = (part: Difference["part"], was: string, is: string): void => {
    if (was !== is) found.push({ part, before: was, after: is });
  };
  add("name", nameOf(change.before, lang), change.after ? nameOf(change.after, lang) : gone);
  if (!after || JSON.stringify(ringsOf(before)) !== JSON.stringify(ringsOf(after))) {
    found.push({ part: "area", before: areaText(before), after: after ? areaText(after) : gone });
  }
  const { valid_from, valid_to } = before.properties;
  if (after) {
    add("from", valid_from ?? t("change.always"), after.properties.valid_from ?? t("change.always"));
    add("to", valid_to ?? t("change.always"), after.properties.valid_to ?? t("change.always"));
  }
  const was = before.properties.rules.map((r) => ({ kind: r.kind, text: ruleWhole(r, t) }));
  const is = (after?.properties.rules ?? []).map((r) => ({ kind: r.kind, text: ruleWhole(r, t) }));
  const lost = was.filter((r) => !is.some((x) => x.text === r.text));
  const fresh = is.filter((r) => !was.some((x) => x.text === r.text));
  for (const rule of lost) {
    const heir = fresh.findIndex((r) => r.kind === rule.kind);
    const [now] = heir < 0 ? [] : fresh.splice(heir, 1);
    found.push({ part: "rule", before: rule.text, after: now?.text ?? gone });
  }
  for (const rule of fresh) found.push({ part: "rule", before: t("change.none"), after: rule.text });
  return found;
}
