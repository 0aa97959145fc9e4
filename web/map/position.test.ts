import { describe, expect, it } from "vitest";
import { formatPosition, parsePosition } from "./position.ts";

const LAT = 20 + 1.234 / 60; // by hand
const LON = 110 + 12.5 / 60;

describe("positions as they are typed", () => {
  it.each([
    ["20°01.234′N 110°12.5′E", LAT, LON],
    ["20°01.234'N, 110°12.5'E", LAT, LON],
    ["20 01.234N 110 12.5E", LAT, LON],
    ["20 01.234 N 110 12.5 E", LAT, LON],
    ["N20 01.234 E110 12.5", LAT, LON],
    ["20-01.234N 110-12.5E", LAT, LON],
    ["110 12.5E 20 01.234N", LAT, LON],
    ["20 01.234 110 12.5", LAT, LON],
    ["北20°01.234′ 东110°12.5′", LAT, LON],
    ["20.5 110.25", 20.5, 110.25],
    ["20.5, 110.25", 20.5, 110.25],
    ["-20.5, -110.25", -20.5, -110.25],
    ["20.5S 110.25W", -20.5, -110.25],
    ["20°30′36″N 110°15′0″E", 20.51, 110.25],
    ["20 01.2N 110 12.5E", 20.02, LON],
  ])("%s", (text, lat, lon) => {
    const p = parsePosition(text);
    expect(p).not.toBeNull();
    expect(p!.lat).toBeCloseTo(lat, 9);
    expect(p!.lon).toBeCloseTo(lon, 9);
  });

  it.each([
    "", "QIONG LIN YU", "412000001", "20 61N 110 12E", "91N 110E", "20N 190E", "20N 30N", "20.5N 12 110E", "20", "20 30 40",
  ])("is no position: %s", (text) => {
    expect(parsePosition(text)).toBeNull();
  });

  it("is written so that it reads back", () => {
    for (const p of [{ lat: LAT, lon: LON }, { lat: -0.0001, lon: -179.9999 }, { lat: 59.99999, lon: 9.99999 }]) {
      const again = parsePosition(formatPosition(p, 4))!;
      expect(again.lat).toBeCloseTo(p.lat, 5);
      expect(again.lon).toBeCloseTo(p.lon, 5);
    }
  });

  it("carries minutes over instead of showing 60", () => {
    expect(formatPosition({ lat: 19.9999999, lon: -110.5 })).toBe("20°00.000′N 110°30.000′W");
  });
});
