import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Alert } from "../../client/types.ts";
import { factText } from "../parts/facts.ts";
import { inputOf, newFence, newRule } from "../parts/fence.ts";
import { filterAlerts, NO_FILTER, unanswered } from "./alertList.ts";
import { ageText, clock } from "./time.ts";

interface Messages { alerts: { rows: Alert[] } }
const messages = JSON.parse(
  readFileSync(new URL("../../../contracts/live/messages.json", import.meta.url), "utf8"),
) as Messages;
const model = messages.alerts.rows[0]!;
const make = (patch: Partial<Alert>): Alert => ({ ...model, ...patch });

describe("alert list", () => {
  const all = [
    make({ id: "old caution", priority: 4, raised: "2026-11-24T01:00:00.000Z" }),
    make({ id: "answered alarm", priority: 2, handling: "acknowledged" }),
    make({ id: "new warning", priority: 3, raised: "2026-11-24T03:00:00.000Z" }),
    make({ id: "older warning", priority: 3, raised: "2026-11-24T02:00:00.000Z", rule: "gap" }),
    make({ id: "withdrawn", priority: 1, state: "withdrawn" }),
    make({ id: "held", priority: 2, held_by: "receiver:Sanya" }),
  ];
  const ids = (f: Partial<typeof NO_FILTER>): string[] => filterAlerts(all, { ...NO_FILTER, ...f }, "en").map((a) => a.id);

  it("puts what calls for an answer first, then the urgent, then the new", () => {
    expect(ids({}).slice(0, 3)).toEqual(["new warning", "older warning", "old caution"]);
    expect(all.filter(unanswered)).toHaveLength(3);
  });
  it("filters by each field", () => {
    expect(ids({ priorities: [4] })).toEqual(["old caution"]);
    expect(ids({ rule: "gap" })).toEqual(["older warning"]);
    expect(ids({ handlings: ["acknowledged"] })).toEqual(["answered alarm"]);
    expect(ids({ states: ["withdrawn"] })).toEqual(["withdrawn"]);
    expect(ids({ text: "qiong lin" })).toHaveLength(all.length);
    expect(ids({ text: "no such ship" })).toEqual([]);
  });
});

describe("facts", () => {
  const names = (_: string, name: string): string => name;
  it.each([
    ["distance_m", 180, "180 m"], ["distance_m", 18_520, "10.00 nm"], ["sog_mps", 0.514444, "1.0 kn"], ["speed_kn", 12, "12.0 kn"],
    ["duration_s", 3900, "65.0 min"], ["silence_s", 9360, "2.6 h"], ["cog_deg", 64, "64.0°"], ["chance", 0.00214, "0.00214"],
  ])("%s %s reads %s", (name, value, text) => {
    expect(factText(names, name, value)[1]).toBe(text);
  });
});

describe("times", () => {
  it("shows the region's zone", () => {
    const ms = Date.parse("2026-11-24T02:00:05Z");
    expect([clock(ms, "UTC"), clock(ms, "Asia/Shanghai")]).toEqual(["02:00:05", "10:00:05"]);
  });
  it("shortens ages", () => {
    expect([4, 600, 8000, 200_000].map(ageText)).toEqual(["4 s", "10 min", "2.2 h", "2.3 d"]);
  });
});

describe("fences", () => {
  it("never sends a setting that a rule does not use", () => {
    const { geometry, properties, ...rest } = newFence();
    const fence = {
      ...rest, geometry: { type: "MultiPolygon" as const, coordinates: [geometry.coordinates as number[][][]] },
      properties: {
        ...properties, id: rest.id, note: {}, source: "", version: 4, editable: true, changed_by: null, changed: null,
        rules: [{ ...newRule("entry"), speed_kn: null, stay_s: null }],
      },
    };
    const input = inputOf(fence);
    expect(Object.keys(input.properties.rules[0]!).sort()).toEqual(["kind", "priority"]);
    expect(input.properties.version).toBe(4);
    expect(input.geometry.type).toBe("Polygon");
  });
});
