import { describe, expect, it } from "vitest";
import { makePicture } from "../client/picture.ts";
import { CATEGORIES } from "../client/category.ts";
import { Fleet } from "../client/fleet.ts";
import { mercatorX, mercatorY } from "../client/mercator.ts";
import { graticule, stepMinutes } from "./graticule.ts";
import { CHART, PALETTES } from "./palette.ts";
import { nearestRow, rowsToLabel } from "./pick.ts";
import { boxOf, shoreline } from "./region.ts";

describe("graticule", () => {
  it("has about six lines of a round step across", () => {
    expect(stepMinutes(6)).toBe(60);
    expect(stepMinutes(0.1)).toBe(1);
    const { features } = graticule({ west: 108.1, south: 18.2, east: 111.9, north: 20.4 });
    const labels = features.map((f) => f.properties?.label as string | undefined).filter(Boolean);
    expect(labels).toContain("110°00′E");
    expect(labels).toContain("20°00′N");
  });
});

describe("shoreline of a region cut at its box", () => {
  const land: GeoJSON.FeatureCollection = {
    type: "FeatureCollection",
    features: [
      { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [[[0, 0], [0, 4], [2, 3], [3, 1], [0, 0]]] } },
      { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [[[5, 2], [6, 2], [6, 3], [5, 2]]] } },
    ],
  };
  it("leaves out the side on the edge and nothing else", () => {
    expect(boxOf(land)).toEqual([0, 0, 6, 4]);
    const lines = shoreline(land, [0, 0, 10, 10]).geometry.coordinates;
    expect(lines).toEqual([[[0, 4], [2, 3], [3, 1], [0, 0]], [[5, 2], [6, 2], [6, 3], [5, 2]]]);
  });
});

describe("picking without the graphics card", () => {
  const fleet = new Fleet();
  for (const [track, lon] of [[1, 110], [2, 110.01], [3, 112]] as const) {
    fleet.apply({
      n: 1, eventMs: 0, lon: Float64Array.of(lon), lat: Float64Array.of(20), lastMs: Float64Array.of(0), track: Uint32Array.of(track),
      sogMps: Float32Array.of(0), cogDeg: Float32Array.of(0), headingDeg: Float32Array.of(0), navStatus: Int8Array.of(0),
      kind: Uint8Array.of(0), ring: Int8Array.of(0), state: Uint8Array.of(0),
    });
  }
  const picture = makePicture(fleet, {
    vectorMinutes: 0, colors: CATEGORIES.map(() => [0, 0, 0]), anchor: [110, 20], staleMs: 1e9, tailStepMs: 1e9,
    hidden: CATEGORIES.map(() => false),
  });
  it("finds the nearest within the radius and none beyond", () => {
    const world = 512 * 2 ** 10;
    expect(picture.track[nearestRow(picture, 110.009, 20, world, 10)]).toBe(2);
    expect(nearestRow(picture, 110.5, 20, world, 10)).toBe(-1);
  });
  it("labels one vessel a cell, inside the view alone", () => {
    expect(rowsToLabel(picture, 109, 19, 111, 21, 4, 4)).toHaveLength(1);
    expect(rowsToLabel(picture, 109, 19, 113, 21, 400, 4)).toHaveLength(3);
  });
  it("labels no net beacon", () => {
    expect(rowsToLabel({ ...picture, beacons: 2 }, 109, 19, 113, 21, 400, 4)).toEqual([2]);
  });
  it("has Mercator's square world", () => {
    expect([mercatorX(-180), mercatorX(180), mercatorY(0)]).toEqual([0, 1, 0.5]);
    expect(mercatorY(85.051129)).toBeCloseTo(0, 6); // the latitude where web maps end
  });
});

describe("palettes", () => {
  const luminance = ([r, g, b]: number[]): number => {
    const f = (v: number): number => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * f(r!) + 0.7152 * f(g!) + 0.0722 * f(b!);
  };
  const rgb = (hex: string): number[] => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  it.each(PALETTES)("%s: every target stands out from water and land (WCAG 1.4.11: 3 to 1)", (name) => {
    for (const [category, color] of Object.entries(CHART[name].target)) {
      for (const ground of ["water", "land"] as const) {
        const [a, b] = [luminance(color), luminance(rgb(CHART[name][ground]))].sort((x, y) => y - x) as [number, number];
        expect((a + 0.05) / (b + 0.05), `${category} on ${ground}`).toBeGreaterThanOrEqual(3);
      }
    }
  });
});
