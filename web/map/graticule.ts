import { formatLat, formatLon } from "./position.ts";

/** Steps that a chart uses, in minutes of arc. */
const STEPS_MIN = [1200, 600, 300, 120, 60, 30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1];

export interface Bounds {
  west: number;
  south: number;
  east: number;
  north: number;
}

export function stepMinutes(widthDeg: number): number {
  const wanted = (widthDeg * 60) / 6; // about six lines across
  return STEPS_MIN.reduce((best, s) => (Math.abs(Math.log(s / wanted)) < Math.abs(Math.log(best / wanted)) ? s : best));
}

/** Lines of the graticule inside `b` and one label point on each, at the left and bottom edges. */
export function graticule(b: Bounds): GeoJSON.FeatureCollection {
  const step = stepMinutes(b.east - b.west);
  const digits = step < 1 ? 1 : 0;
  const features: GeoJSON.Feature[] = [];
  const add = (coordinates: number[][], label: string, at: number[], side: string): void => {
    features.push({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates } });
    features.push({ type: "Feature", properties: { label, side }, geometry: { type: "Point", coordinates: at } });
  };
  const south = Math.max(b.south, -85);
  const north = Math.min(b.north, 85);
  for (let k = Math.ceil((b.west * 60) / step); k * step <= b.east * 60; k++) {
    const lon = (k * step) / 60;
    add([[lon, south], [lon, north]], formatLon(lon, digits), [lon, south], "bottom");
  }
  for (let k = Math.ceil((south * 60) / step); k * step <= north * 60; k++) {
    const lat = (k * step) / 60;
    add([[b.west, lat], [b.east, lat]], formatLat(lat, digits), [b.west, lat], "left");
  }
  return { type: "FeatureCollection", features };
}
