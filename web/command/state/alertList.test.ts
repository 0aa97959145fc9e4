import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Alert } from "../../client/types.ts";
import { factText } from "../parts/facts.ts";
import { inputOf, newFence, newRule } from "../parts/fence.ts";
import { calls, filterAlerts, lastsSeconds, NO_FILTER, unanswered } from "./alertList.ts";
import { ageText, clock } from "./time.ts";

interface Messages { alerts: { rows: Alert[] } }
const messages = JSON.parse(
  readFileSync(new URL("../../../contracts/live/messages.json", import.meta.url), "utf8"),
) as Messages;
const model = messages.alerts.rows[0]!;
const make = (patch: Partial<Alert>): Alert => ({ ...model, ...patch });

describe("alert list", () => {
  const all = [
    make({ id: "old caution", priority: 4, start: "2026-11-24T01:00:00.000Z" }),
    make({ id: "answered alarm", priority: 2, handling: "acknowledged" }),
    make({ id: "new warning", priority: 3, start: "2026-11-24T03:00:00.000Z" }),
    make({ id: "older warning", priority: 3, start: "2026-11-24T02:00:00.000Z", rule: "gap" }),
    make({ id: "withdrawn", priority: 1, state: "withdrawn", phase: "withdrawn" }),
    make({ id: "just ended", priority: 4, start: "2026-11-24T00:30:00.000Z", end: "2026-11-24T02:45:00.000Z", phase: "ended_unanswered" }),
    make({ id: "ended long ago", priority: 2, end: "2026-11-24T02:00:00.000Z", phase: "ended_unanswered" }),
    make({ id: "over and handled", priority: 2, end: "2026-11-24T03:00:00.000Z", phase: "ended_handled", handling: "acknowledged" }),
    make({ id: "dismissed", priority: 2, handling: "dismissed" }),
    make({ id: "held", priority: 2, held_by: "receiver:Sanya" }),
    make({ id: "port call", priority: 5 }),
    make({ id: "shelved", priority: 2, shelf: "s", shelved_until: "2026-11-24T05:00:00.000Z" }),
    make({ id: "with its group", priority: 3, start: "2026-11-24T01:30:00.000Z", grouped: true }),
  ];
  const now = Date.parse("2026-11-24T03:10:00.000Z");
  const ids = (f: Partial<typeof NO_FILTER>): string[] => filterAlerts(all, { ...NO_FILTER, ...f }, "en", now).map((a) => a.id);

  it("puts what calls for an answer first, then the urgent, then the new", () => {
    expect(ids({}).slice(0, 4)).toEqual(["new warning", "older warning", "with its group", "old caution"]);
    expect(all.filter((a) => unanswered(a, now))).toHaveLength(5);
    expect(all.filter((a) => calls(a, now))).toHaveLength(4);
  });
  it("shows what goes on, and what ended just now unanswered; the rest under ended and all", () => {
    expect(ids({}).sort()).toEqual(["answered alarm", "just ended", "new warning", "old caution", "older warning", "with its group"]);
    expect(ids({ when: "aside" })).toEqual(["held", "shelved"]);
    expect(ids({ when: "ended" }).sort()).toEqual(["ended long ago", "just ended", "over and handled"]);
    expect(ids({ when: "all" })).toHaveLength(all.length - 1);
  });
  it("shows what is only noted where it is asked for, and never calls with it", () => {
    expect(ids({ when: "noted" })).toEqual(["port call"]);
    expect(unanswered(make({ priority: 5 }), now)).toBe(false);
  });
  it("lets an unanswered alert go half an hour after its end, by event time", () => {
    const ended = make({ id: "e", end: "2026-11-24T02:45:00.000Z", phase: "ended_unanswered" });
    const end = Date.parse("2026-11-24T02:45:00.000Z");
    expect([0, 30 * 60_000, 30 * 60_000 + 1].map((ms) => unanswered(ended, end + ms))).toEqual([true, true, false]);
    expect(unanswered(ended, NaN)).toBe(false);
    expect(unanswered(make({}), NaN)).toBe(true);
  });
  it("filters by each field", () => {
    expect(ids({ priorities: [4] })).toEqual(["old caution", "just ended"]);
    expect(ids({ rule: "gap" })).toEqual(["older warning"]);
    expect(ids({ handlings: ["acknowledged"] })).toEqual(["answered alarm"]);
    expect(ids({ when: "all", states: ["withdrawn"] })).toEqual(["withdrawn"]);
    expect(ids({ when: "all", text: "qiong lin" })).toHaveLength(all.length - 1);
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

describe("how long an alert goes on", () => {
  const start = "2026-11-24T02:00:00.000Z";
  const at = (time: string) => Date.parse(`2026-11-24T${time}Z`);
  it("is counted to now, not to when it was raised", () => {
    const silent = make({ start, phase: "ongoing", raised: "2026-11-24T02:02:00.000Z" });
    expect([at("02:02:00"), at("02:34:00")].map((now) => lastsSeconds(silent, now))).toEqual([120, 2040]);
  });
  it("is nothing for one that is over, and before the page knows the time", () => {
    expect(lastsSeconds(make({ start, phase: "ended_handled" }), at("03:00:00"))).toBeNull();
    expect(lastsSeconds(make({ start, phase: "ongoing" }), NaN)).toBeNull();
    expect(lastsSeconds(make({ start, phase: "ongoing" }), at("01:59:00"))).toBe(0);
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
