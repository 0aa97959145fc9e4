import type { Alert, Change, Fence, FenceRule } from "../../../client/types.ts";
import type { Lang, Words } from "../../../words/index.ts";
import { ruleText } from "../../parts/fence.ts";
import { settingName, settingText } from "./settingText.ts";

const EARTH_KM = 6371.0088; // mean radius, IUGG

export type Kind = "geofence" | "outage" | "settings" | "alert" | "shelf" | "listed";

export const kindOf = (change: Pick<Change, "thing">): Kind => change.thing.slice(0, change.thing.indexOf(":")) as Kind;

/** Names of one login or of two together, with the logins behind. */
export function namedBy(names: Record<string, string>, logins: string): string {
  return logins.split(" + ").map((login) => (names[login] && names[login] !== login ? `${names[login]} (${login})` : login)).join(" + ");
}

type Part = "name" | "from" | "to" | "area" | "rule" | "start" | "end" | "reason" | "holds" | "profile" | "code" | "runs" | "alert" | "until" | "only";

export interface Difference {
  part: Part;
  /** Of a setting, which says itself what it is. */
  label?: string;
  before: string;
  after: string;
}

/** A fence as the records keep it. */
export const fenceOf = (document: Change["before"]): Fence => document as unknown as Fence;

/** Of a geofence, a receiver or an alert; a rule's name is a word of the page. */
export function nameOf(change: Pick<Change, "thing" | "before">, lang: Lang): string {
  const kind = kindOf(change);
  if (kind === "listed") return vesselName(change.before);
  if (kind === "alert") return (change.before.sentence as Record<Lang, string>)[lang];
  return kind === "outage" ? String(change.before.receiver) : fenceName(change.before, lang);
}

/** Of a vessel on the watch-list. */
function vesselName({ name, mmsi, imo }: Change["before"]): string {
  return [name, mmsi && `MMSI ${String(mmsi)}`, imo && `IMO ${String(imo)}`].filter(Boolean).join(" · ");
}

function fenceName(document: Change["before"], lang: Lang): string {
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
  if (rule.ship_types?.length) parts.push(t("change.shipTypes", { types: t.list(rule.ship_types.map(String)) }));
  parts.push(t(`priority.${rule.priority}`));
  return parts.join(" · ");
}

/** What differs, in words; `after` null: all of it goes. */
export function differences(change: Pick<Change, "thing" | "before" | "after" | "differs">, t: Words, lang: Lang): Difference[] {
  if (kindOf(change) === "outage") return ofOutage(change, t);
  if (kindOf(change) === "alert") return [{ part: "alert", before: t(`handling.${change.before.handling as Alert["handling"]}`), after: t("handling.dismissed") }];
  if (kindOf(change) === "shelf") return ofShelf(change, t);
  if (kindOf(change) === "listed") return ofListed(change, t);
  return kindOf(change) === "settings" ? ofSettings(change, t, lang) : ofFence(change, t, lang);
}

const minute = (at: unknown): string => `${String(at).slice(0, 16).replace("T", " ")} UTC`;

function ofOutage({ before, after }: Pick<Change, "before" | "after">, t: Words): Difference[] {
  const now = after ?? {};
  const holds = (document: Record<string, unknown>): string => t(document.holds_alerts ? "change.heldBack" : "change.raised");
  const all: Difference[] = [
    { part: "holds", before: holds(before), after: holds(now) },
    { part: "start", before: minute(before.start), after: minute(now.start) },
    { part: "end", before: minute(before.end), after: minute(now.end) },
    { part: "reason", before: String(before.reason), after: String(now.reason) },
  ];
  // When it is, is asked first of all by whoever agrees: it stands there also where it stays.
  return all.filter((d) => d.before !== d.after || d.part !== "reason");
}

function ofListed({ before, after }: Pick<Change, "before" | "after">, t: Words): Difference[] {
  const until: Difference = { part: "until", before: minute(before.until), after: after ? minute(after.until) : t("change.gone") };
  const reason: Difference = { part: "reason", before: String(before.reason), after: after ? String(after.reason) : t("change.gone") };
  return [until, reason];
}

function ofShelf({ after }: Pick<Change, "after">, t: Words): Difference[] {
  const none = t("change.none");
  const only = [after?.thing, after?.fence].filter(Boolean).map(String).join(" · ");
  const until: Difference = { part: "until", before: none, after: minute(after?.until) };
  return only ? [{ part: "only", before: none, after: only }, until] : [until];
}

function ofSettings({ before, after, differs }: Pick<Change, "before" | "after" | "differs">, t: Words, lang: Lang): Difference[] {
  if (!after) return [{ part: "runs", before: t("rules.yes"), after: t("change.gone") }];
  const all: Difference[] = [
    { part: "profile", before: String(before.profile), after: String(after.profile) },
    { part: "code", before: String(before.code), after: String(after.code) },
  ];
  const values: Difference[] = differs.map((d) => ({
    part: "rule", label: settingName(d, lang), before: settingText(d, d.before, t), after: settingText(d, d.after, t),
  }));
  return [...all.filter((d) => d.before !== d.after), ...values];
}

function ofFence(change: Pick<Change, "before" | "after">, t: Words, lang: Lang): Difference[] {
  const before = fenceOf(change.before);
  const after = change.after ? fenceOf(change.after) : null;
  const gone = t("change.gone");
  const found: Difference[] = [];
  const add = (part: Difference["part"], was: string, is: string): void => {
    if (was !== is) found.push({ part, before: was, after: is });
  };
  add("name", fenceName(change.before, lang), change.after ? fenceName(change.after, lang) : gone);
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
