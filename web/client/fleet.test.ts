import { describe, expect, it } from "vitest";
import { Fleet } from "./fleet.ts";
import type { Frame } from "./frame.ts";
import { buffersOf, endTailStep, makePicture, SHAPES, shapeOf, type PictureOptions } from "./picture.ts";
import { CATEGORIES, categoryOf, categoryOfShipType } from "./category.ts";

interface Row { track: number; lon: number; lat?: number; state?: number; sog?: number; cog?: number; heading?: number; kind?: number }

function frame(eventMs: number, rows: Row[]): Frame {
  const f32 = (pick: (r: Row) => number | undefined): Float32Array => Float32Array.from(rows, (r) => pick(r) ?? NaN);
  return {
    n: rows.length, eventMs,
    lon: Float64Array.from(rows, (r) => r.lon), lat: Float64Array.from(rows, (r) => r.lat ?? 20),
    lastMs: new Float64Array(rows.length).fill(eventMs), track: Uint32Array.from(rows, (r) => r.track),
    sogMps: f32((r) => r.sog), cogDeg: f32((r) => r.cog), headingDeg: f32((r) => r.heading),
    navStatus: new Int8Array(rows.length), kind: Uint8Array.from(rows, (r) => r.kind ?? 0),
    ring: new Int8Array(rows.length), state: Uint8Array.from(rows, (r) => r.state ?? 0),
  };
}

const options: PictureOptions = {
  vectorMinutes: 6, colors: CATEGORIES.map((_, i) => [i, i, i]), icons: SHAPES.map((_, i) => [0, 0, i, 0, 64, 64, 1]),
  staleMs: 360_000, tailStepMs: 30_000, hidden: CATEGORIES.map(() => false),
};

describe("fleet", () => {
  it("keeps rows by track while others go", () => {
    const fleet = new Fleet();
    fleet.apply(frame(1, [{ track: 5, lon: 105 }, { track: 9, lon: 109 }, { track: 7, lon: 107 }]));
    fleet.setCategory(7, 3);
    fleet.apply(frame(2, [{ track: 5, lon: 0, state: 2 }, { track: 9, lon: 109.5 }]));
    expect(fleet.count).toBe(2);
    expect(fleet.row(5)).toBe(-1);
    expect(fleet.lon[fleet.row(9)]).toBe(109.5);
    expect(fleet.lon[fleet.row(7)]).toBe(107);
    expect(fleet.category[fleet.row(7)]).toBe(3);
  });

  it("takes static data that comes before the first position, and grows", () => {
    const fleet = new Fleet();
    fleet.setCategory(1999, 4);
    fleet.apply(frame(1, Array.from({ length: 2000 }, (_, track) => ({ track, lon: track / 100 }))));
    expect(fleet.count).toBe(2000);
    expect(fleet.category[fleet.row(1999)]).toBe(4);
    expect(fleet.lon[fleet.row(1500)]).toBe(15);
  });

  it("removes an unknown track without harm", () => {
    const fleet = new Fleet();
    fleet.apply(frame(1, [{ track: 1, lon: 1, state: 2 }]));
    expect(fleet.count).toBe(0);
  });
});

describe("picture", () => {
  it("draws a six-minute vector of one minute of arc at 10 kn north", () => {
    // 10 kn for 6 min is one nautical mile, which is a minute of latitude by its old definition.
    const fleet = new Fleet();
    fleet.apply(frame(0, [{ track: 1, lon: 110, lat: 20, sog: 10 * 1852 / 3600, cog: 0, heading: 90 }]));
    const p = makePicture(fleet, options);
    expect(p.vectors.from).toHaveLength(2);
    expect((p.vectors.to[1]! - 20) * 60).toBeCloseTo(1, 2);
    expect(p.vectors.to[0]).toBeCloseTo(110, 9);
    expect(p.angleDeg[0]).toBe(-90); // heading before course; deck.gl turns the other way
  });

  it("fades what is old, leaves out what is hidden", () => {
    const fleet = new Fleet();
    fleet.apply(frame(0, [{ track: 1, lon: 110 }, { track: 2, lon: 111, kind: 3 }]));
    fleet.apply(frame(400_000, [{ track: 2, lon: 111, kind: 3 }]));
    const p = makePicture(fleet, options);
    expect([p.color[3], p.color[7]]).toEqual([110, 255]);
    const hidden = CATEGORIES.map((c) => c === "aton");
    expect(makePicture(fleet, { ...options, hidden }).n).toBe(1);
  });

  it("gives shapes that differ by class, state and direction", () => {
    const name = (...a: Parameters<typeof shapeOf>) => SHAPES[shapeOf(...a)];
    expect(name(0, 0, true, false)).toBe("class_a");
    expect(name(1, 0, true, false)).toBe("class_b");
    expect(name(0, 0, true, true)).toBe("class_a_rest");
    expect(name(1, 0, false, true)).toBe("no_heading");
    expect(name(0, 1, true, false)).toBe("lost");
    expect(name(3, 0, false, true)).toBe("aton");
    expect(name(5, 0, false, true)).toBe("distress");
  });

  it("uses the memory of an old picture again, with the same result", () => {
    const fleet = new Fleet();
    fleet.apply(frame(0, [{ track: 1, lon: 110, sog: 5, cog: 45 }, { track: 2, lon: 111, sog: 3, cog: 90 }]));
    const first = makePicture(fleet, options);
    fleet.apply(frame(1000, [{ track: 1, lon: 110.1, sog: 0, cog: NaN }]));
    const again = makePicture(fleet, options, first);
    expect(again.lonLat.buffer).toBe(first.lonLat.buffer);
    expect(again).toEqual(makePicture(fleet, options));
    expect(new Set(buffersOf(again)).size).toBe(buffersOf(again).length);
  });

  it("ends a step of the tail with the way since the last, not with a jump", () => {
    const fleet = new Fleet();
    fleet.apply(frame(0, [{ track: 1, lon: 110 }, { track: 2, lon: 111 }]));
    expect(endTailStep(fleet).from).toHaveLength(0);
    fleet.apply(frame(1, [{ track: 1, lon: 110.01 }, { track: 2, lon: 113 }]));
    const { from, to } = endTailStep(fleet);
    expect([...from, ...to]).toEqual([110, 20, Math.fround(110.01), 20]);
  });
});

describe("categories", () => {
  it.each([
    [30, "fishing"], [36, "pleasure"], [52, "service"], [69, "passenger"], [70, "cargo"], [89, "tanker"], [99, "other"], [null, "other"],
  ] as const)("ship type %s is %s (ITU-R M.1371-5, table 53)", (type, name) => {
    expect(CATEGORIES[categoryOfShipType(type)]).toBe(name);
  });
  it("lets the station outweigh the ship type", () => {
    expect(CATEGORIES[categoryOf(5, 1)]).toBe("distress");
    expect(CATEGORIES[categoryOf(1, 1)]).toBe("cargo");
  });
});
