import { describe, expect, it } from "vitest";
import { advance, closestApproach, type Motion } from "./cpa.ts";
import { bearingDeg, circle, destination, distanceM, KNOT_MPS, MILE_M } from "./geo.ts";

const at = (lon: number, lat: number, kn: number, cogDeg: number): Motion => ({ lon, lat, sogMps: kn * KNOT_MPS, cogDeg });

describe("closest approach", () => {
  it("is zero in half an hour for ships head-on, 10 miles apart at 10 kn each", () => {
    // by hand: closing 20 kn over 10.0 nm (10 minutes of latitude on the sphere of 6371.0088 km: 10.007 nm)
    const cpa = closestApproach(at(110, 20, 10, 0), at(110, 20 + 10 / 60, 10, 180));
    expect(cpa.tcpaS / 60).toBeCloseTo(30.0, 0);
    expect(cpa.cpaM).toBeLessThan(1);
    expect(cpa.a.lat).toBeCloseTo(cpa.b.lat, 9);
  });

  it("is the range over root two for crossing ships of one speed, one at the meeting point ahead", () => {
    // by hand: A at the origin going east, B 5 miles east going north: relative motion is at 45 degrees,
    // the least distance is 5/sqrt(2) miles after 5/(2*10) h = 15 min.
    const b = destination({ lon: 110, lat: 0 }, 90, 5 * MILE_M);
    const cpa = closestApproach(at(110, 0, 10, 90), at(b.lon, b.lat, 10, 0));
    expect(cpa.cpaM / MILE_M).toBeCloseTo(5 / Math.SQRT2, 3);
    expect(cpa.tcpaS / 60).toBeCloseTo(15, 2);
  });

  it("lies in the past for ships that open, and is now for ships in company", () => {
    expect(closestApproach(at(110, 20, 10, 180), at(110, 20.1, 10, 0)).tcpaS).toBeLessThan(0);
    const company = closestApproach(at(110, 20, 10, 45), at(110, 20.1, 10, 45));
    expect(company.tcpaS).toBe(0);
    expect(company.cpaM).toBeCloseTo(company.rangeM, 6);
  });

  it("brings a motion forward by dead reckoning", () => {
    const later = advance(at(110, 20, 12, 0), 300);
    expect(distanceM({ lon: 110, lat: 20 }, later) / MILE_M).toBeCloseTo(1, 2);
  });
});

describe("distance and bearing", () => {
  it("fits a quarter of the Earth", () => {
    expect(distanceM({ lon: 0, lat: 0 }, { lon: 90, lat: 0 })).toBeCloseTo((Math.PI / 2) * 6_371_008.8, 0);
    expect(bearingDeg({ lon: 0, lat: 0 }, { lon: 0, lat: -1 })).toBe(180);
    expect(bearingDeg({ lon: 0, lat: 0 }, { lon: -1, lat: 0 })).toBe(270);
  });

  it("comes back by destination, and a circle keeps its radius", () => {
    const from = { lon: 110.2, lat: 20.05 };
    const to = destination(from, 73.5, 12_345);
    expect(distanceM(from, to)).toBeCloseTo(12_345, 3);
    expect(bearingDeg(from, to)).toBeCloseTo(73.5, 6);
    const ring = circle(from, 5000);
    expect(ring).toHaveLength(91);
    for (const [lon, lat] of ring) expect(distanceM(from, { lon, lat })).toBeCloseTo(5000, 3);
  });
});
