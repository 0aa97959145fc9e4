import { describe, expect, it } from "vitest";
import { wordsOf } from "../../../words/index.ts";
import { areaOf, differences, namedBy, nameOf } from "./difference.ts";

const t = wordsOf("en");
const square = (size: number): number[][][] => [[[110, 0], [110 + size, 0], [110 + size, size], [110, size], [110, 0]]];
const fence = (rules: object[], size = 1, more: object = {}) => ({
  type: "Feature",
  id: "bay",
  geometry: { type: "Polygon", coordinates: square(size) },
  properties: { name: { zh: "湾", en: "Bay" }, valid_from: null, valid_to: null, rules, ...more },
});

describe("the area of a fence", () => {
  it("is that of the sphere: one degree square at the equator has R² · (π/180) · sin 1°", () => {
    const km2 = 6371.0088 ** 2 * (Math.PI / 180) * Math.sin(Math.PI / 180); // 12,363.7 km²
    const made = areaOf({ geometry: { type: "Polygon", coordinates: square(1) } });
    expect(Math.abs(made / km2 - 1)).toBeLessThan(1e-4);
  });

  it("leaves out holes", () => {
    const hole = [[110.2, 0.2], [110.4, 0.2], [110.4, 0.4], [110.2, 0.4], [110.2, 0.2]];
    const whole = areaOf({ geometry: { type: "Polygon", coordinates: square(1) } });
    const holed = areaOf({ geometry: { type: "Polygon", coordinates: [...square(1), hole] } });
    expect(holed / whole).toBeCloseTo(1 - 0.04, 4);
  });
});

describe("what a change would do", () => {
  it("pairs a rule with its successor of the same kind", () => {
    const before = fence([{ kind: "speed_over", speed_kn: 10, priority: 2 }, { kind: "entry", priority: 3 }]);
    const after = fence([{ kind: "speed_over", speed_kn: 15, priority: 2 }, { kind: "entry", priority: 3 }]);
    expect(differences({ thing: "geofence:bay", differs: [], before, after }, t, "en")).toEqual([
      { part: "rule", before: "Faster than 10 kn · Alarm", after: "Faster than 15 kn · Alarm" },
    ]);
  });

  it("names what goes without a successor, and what is new", () => {
    const before = fence([{ kind: "entry", priority: 3 }]);
    const after = fence([{ kind: "exit", priority: 3 }]);
    expect(differences({ thing: "geofence:bay", differs: [], before, after }, t, "en")).toEqual([
      { part: "rule", before: "Alert on entry · Warning", after: "no longer" },
      { part: "rule", before: "none", after: "Alert on exit · Warning" },
    ]);
  });

  it("says all of a fence that goes", () => {
    const found = differences({ thing: "geofence:bay", differs: [], before: fence([{ kind: "entry", priority: 3 }]), after: null }, t, "zh");
    expect(found.map((d) => d.part)).toEqual(["name", "area", "rule"]);
    expect(found[0]).toMatchObject({ before: "湾" });
  });

  it("tells a smaller area and a shorter time", () => {
    const found = differences({ thing: "geofence:bay", differs: [], before: fence([], 1), after: fence([], 0.5, { valid_to: "2027-01-01T00:00:00Z" }) }, t, "en");
    expect(found.map((d) => d.part)).toEqual(["area", "to"]);
    expect(found[0]).toMatchObject({ before: "12,364 km²", after: "3,091 km²" });
  });

  it("says nothing where nothing differs", () => {
    expect(differences({ thing: "geofence:bay", differs: [], before: fence([]), after: fence([]) }, t, "en")).toEqual([]);
  });
});

describe("what a change of an outage or of settings would do", () => {
  const note = { id: "o", receiver: "HAIKOU", start: "2026-06-15T07:00:00.000Z", end: "2026-06-15T09:00:00.000Z", reason: "mast", holds_alerts: false };

  it("says of an outage that its alerts are held back, and when", () => {
    const change = { thing: "outage:o", differs: [], before: note, after: { ...note, holds_alerts: true, end: "2026-06-15T10:00:00.000Z" } };
    expect(differences(change, t, "en")).toEqual([
      { part: "holds", before: "raised", after: "held back" },
      { part: "start", before: "2026-06-15 07:00 UTC", after: "2026-06-15 07:00 UTC" },
      { part: "end", before: "2026-06-15 09:00 UTC", after: "2026-06-15 10:00 UTC" },
    ]);
    expect(nameOf(change, "zh")).toBe("HAIKOU");
  });

  it("says of settings which, in whole units, and another profile", () => {
    const differs = [{ name: "class_a_s", unit: "s", zh: "A 类船载台静默时限", en: "Silence of class A", before: 1800, after: 43200 }];
    const change = { thing: "settings:gap", differs, before: { profile: "coastal", code: "1.0.0" }, after: { profile: "gfw", code: "1.0.0" } };
    expect(differences(change, t, "en")).toEqual([
      { part: "profile", before: "coastal", after: "gfw" },
      { part: "rule", label: "Silence of class A", before: "30 min", after: "12 h" },
    ]);
  });

  it("says of a rule that is left out that it no longer runs", () => {
    expect(differences({ thing: "settings:gap", differs: [], before: { profile: "coastal" }, after: null }, t, "en")).toEqual([
      { part: "runs", before: "yes", after: "no longer" },
    ]);
  });
});

describe("who proposed or decided", () => {
  it("is named with the login behind, two together too", () => {
    const names = { li: "李海", wang: "wang" };
    expect(namedBy(names, "li")).toBe("李海 (li)");
    expect(namedBy(names, "li + wang + gone")).toBe("李海 (li) + wang + gone");
  });
});
