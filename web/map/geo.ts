import type { Position } from "./position.ts";

const EARTH_M = 6_371_008.8; // IUGG mean radius
const RAD = Math.PI / 180;
export const MILE_M = 1852;
export const KNOT_MPS = 1852 / 3600;

/** Great-circle distance on the mean sphere, metres (haversine). */
export function distanceM(a: Position, b: Position): number {
  const dLat = (b.lat - a.lat) * RAD;
  const dLon = (b.lon - a.lon) * RAD;
  const h =
    Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * RAD) * Math.cos(b.lat * RAD) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Initial great-circle bearing from a to b, degrees true, 0 to 360. */
export function bearingDeg(a: Position, b: Position): number {
  const dLon = (b.lon - a.lon) * RAD;
  const y = Math.sin(dLon) * Math.cos(b.lat * RAD);
  const x =
    Math.cos(a.lat * RAD) * Math.sin(b.lat * RAD) -
    Math.sin(a.lat * RAD) * Math.cos(b.lat * RAD) * Math.cos(dLon);
  return (Math.atan2(y, x) / RAD + 360) % 360;
}

/** Where one comes from `a` by `distance` metres on `bearing` degrees (great circle). */
export function destination(a: Position, bearing: number, distance: number): Position {
  const d = distance / EARTH_M;
  const lat1 = a.lat * RAD;
  const lat2 = Math.asin(
    Math.sin(lat1) * Math.cos(d) + Math.cos(lat1) * Math.sin(d) * Math.cos(bearing * RAD),
  );
  const lon2 =
    a.lon * RAD +
    Math.atan2(
      Math.sin(bearing * RAD) * Math.sin(d) * Math.cos(lat1),
      Math.cos(d) - Math.sin(lat1) * Math.sin(lat2),
    );
  return { lon: lon2 / RAD, lat: lat2 / RAD };
}

/** A circle as a ring of `corners` points, closed. */
export function circle(center: Position, radiusM: number, corners = 90): [number, number][] {
  return Array.from({ length: corners + 1 }, (_, i) => {
    const p = destination(center, (360 * i) / corners, radiusM);
    return [p.lon, p.lat];
  });
}
