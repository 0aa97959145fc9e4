/** How fences are drawn and named on the chart. */
import type { FenceGeometry } from "../client/types.ts";

/** A fence wider than this covers the screen: it is filled faintly and named along its edge. */
const WIDE_DEG = 3;

interface Named {
  name: string;
  geometry: FenceGeometry;
}

const outerRings = (g: FenceGeometry): number[][][] =>
  g.type === "Polygon" ? g.coordinates.slice(0, 1) : g.coordinates.map((p) => p[0]!);

function widthDeg(rings: number[][][]): number {
  const lons = rings.flat().map(([x]) => x!);
  return Math.max(...lons) - Math.min(...lons);
}

/** Twice the signed area and the centroid of a ring, in degrees (the shoelace formula). */
function centroid(ring: number[][]): { area2: number; at: [number, number] } {
  const [x0, y0] = ring[0] as [number, number];
  let area2 = 0, x = 0, y = 0;
  for (let i = 1; i < ring.length; i++) {
    const ax = ring[i - 1]![0]! - x0, ay = ring[i - 1]![1]! - y0;
    const bx = ring[i]![0]! - x0, by = ring[i]![1]! - y0;
    const cross = ax * by - bx * ay;
    area2 += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return { area2, at: area2 === 0 ? [x0, y0] : [x0 + x / (3 * area2), y0 + y / (3 * area2)] };
}

export function fenceShapes(fences: Named[]): GeoJSON.FeatureCollection {
  return {
    type: "FeatureCollection",
    features: fences.map(({ name, geometry }) => ({
      type: "Feature", properties: { name, wide: widthDeg(outerRings(geometry)) > WIDE_DEG }, geometry,
    })),
  };
}

/** One point for each fence that is not wide, in the middle of its largest part. */
export function fenceNames(fences: Named[]): GeoJSON.FeatureCollection {
  return {
    type: "FeatureCollection",
    features: fences.flatMap(({ name, geometry }) => {
      const rings = outerRings(geometry);
      if (widthDeg(rings) > WIDE_DEG) return [];
      const [largest] = rings.map(centroid).sort((a, b) => Math.abs(b.area2) - Math.abs(a.area2));
      return [{ type: "Feature", properties: { name }, geometry: { type: "Point", coordinates: largest!.at } }];
    }),
  };
}
