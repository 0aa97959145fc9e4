import { describe, expect, it } from "vitest";
import { Fleet } from "./fleet.ts";
import type { Frame } from "./frame.ts";
import { endTailStep, makePicture, SHAPES, shapeOf, type PictureOptions } from "./picture.ts";
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
  vectorMinutes: 6, colors: CATEGORIES.map((_, i) => [i, i, i]), anchor: [109, 19],
  staleMs: 360_000, tailStepMs: 30_000, hidden: CATEGORIES.map(() => false),
};

/** The spherical Mercator's inverse (Snyder 1987, 7-4) of a place counted from the anchor. */
function lonLat(places: Float32Array, at: number): { lon: number; lat: number } {
  const north = (deg: number): number => Math.asinh(Math.tan((deg * Math.PI) / 180));
  const y = north(options.anchor[1]) - 2 * Math.PI * places[at + 1]!;
  return { lon: options.anchor[0] + 360 * places[at]!, lat: (Math.atan(Math.sinh(y)) * 180) / Math.PI };
}

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
    expect(p.vectors).toHaveLength(4);
    const [from, to] = [lonLat(p.vectors, 0), lonLat(p.vectors, 2)];
    expect((to.lat - 20) * 60).toBeCloseTo(1, 2);
    expect([from.lon, from.lat, to.lon]).toEqual([expect.closeTo(110, 6), expect.closeTo(20, 6), expect.closeTo(110, 6)]);
    expect(p.icon[2]).toBeCloseTo(Math.PI / 2, 6); // heading before course, clockwise
  });

  it("places a vessel on the screen within 2 cm in the region and 1.2 m anywhere", () => {
    const fleet = new Fleet();
    fleet.apply(frame(0, [{ track: 1, lon: 111.4, lat: 20.5 }, { track: 2, lon: -71.01, lat: -33.6 }]));
    const { icon } = makePicture(fleet, options);
    const metres = (degrees: number): number => Math.abs(degrees) * 111_195;
    const [near, far] = [lonLat(icon, 0), lonLat(icon, 4)];
    expect(Math.max(metres(near.lon - 111.4), metres(near.lat - 20.5))).toBeLessThan(0.02);
    expect(Math.max(metres(far.lon + 71.01), metres(far.lat + 33.6))).toBeLessThan(1.2);
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

  it("puts net beacons under all vessels and counts them apart, without vector, tail or cross", () => {
    const fleet = new Fleet();
    const beacon = { kind: 6, sog: 1, cog: 90 };
    fleet.apply(frame(0, [{ track: 1, lon: 110, sog: 5, cog: 0 }, { track: 2, lon: 111, ...beacon }]));
    endTailStep(fleet, options.anchor);
    fleet.apply(frame(1, [{ track: 1, lon: 110.01, sog: 5, cog: 0 }, { track: 2, lon: 111.01, ...beacon, state: 1 }]));
    const p = makePicture(fleet, options);
    expect([...p.track]).toEqual([2, 1]);
    expect([p.n, p.beacons, p.total, p.totalBeacons]).toEqual([2, 1, 1, 1]);
    expect(SHAPES[p.icon[3]!]).toBe("net_beacon");
    expect([p.vectors.length, p.head.length, endTailStep(fleet, options.anchor).length]).toEqual([4, 4, 4]);
    const hidden = CATEGORIES.map((c) => c === "net_beacon");
    const without = makePicture(fleet, { ...options, hidden });
    expect([without.n, without.beacons, without.total, without.totalBeacons]).toEqual([1, 0, 1, 1]);
  });

  it("uses the memory of an old picture again, with the same result", () => {
    const fleet = new Fleet();
    fleet.apply(frame(0, [{ track: 1, lon: 110, sog: 5, cog: 45 }, { track: 2, lon: 111, sog: 3, cog: 90 }]));
    const first = makePicture(fleet, options);
    fleet.apply(frame(1000, [{ track: 1, lon: 110.1, sog: 0, cog: NaN }]));
    const again = makePicture(fleet, options, first.memory);
    expect(again.memory).toBe(first.memory);
    const fresh = makePicture(fleet, options);
    expect({ ...again, memory: null }).toEqual({ ...fresh, memory: null });
    expect(fresh.memory).not.toBe(first.memory);
  });

  it("ends a step of the tail with the way since the last, not with a jump", () => {
    const fleet = new Fleet();
    fleet.apply(frame(0, [{ track: 1, lon: 110 }, { track: 2, lon: 111 }]));
    expect(endTailStep(fleet, options.anchor)).toHaveLength(0);
    fleet.apply(frame(1, [{ track: 1, lon: 110.01 }, { track: 2, lon: 113 }]));
    const step = endTailStep(fleet, options.anchor);
    expect(step).toHaveLength(4);
    for (const [at, lon] of [[0, 110], [2, 110.01]] as const) {
      expect(lonLat(step, at)).toEqual({ lon: expect.closeTo(lon, 6), lat: expect.closeTo(20, 6) });
    }
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
