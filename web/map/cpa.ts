import type { Position } from "./position.ts";

/** What CPA needs of a vessel, all at one instant. */
export interface Motion extends Position {
  sogMps: number;
  cogDeg: number;
}

export interface Cpa {
  /** Seconds from now; negative: they were closest in the past and are opening. */
  tcpaS: number;
  cpaM: number;
  rangeM: number;
  /** Where each will be (or was) then. */
  a: Position;
  b: Position;
}

const EARTH_M = 6_371_008.8;
const RAD = Math.PI / 180;

/** Closest point of approach of two vessels that keep course and speed, on the plane that touches the
 * Earth between them. Within 50 miles the plane's error stays far below that of AIS itself. */
export function closestApproach(a: Motion, b: Motion): Cpa {
  const lat0 = ((a.lat + b.lat) / 2) * RAD;
  const mPerLat = EARTH_M * RAD;
  const mPerLon = EARTH_M * RAD * Math.cos(lat0);
  const dx = (b.lon - a.lon) * mPerLon;
  const dy = (b.lat - a.lat) * mPerLat;
  const va = velocity(a);
  const vb = velocity(b);
  const vx = vb.x - va.x;
  const vy = vb.y - va.y;
  const v2 = vx * vx + vy * vy;
  // Same course and speed: the range does not change, now is as close as ever.
  const tcpaS = v2 < 1e-6 ? 0 : -(dx * vx + dy * vy) / v2;
  const at = (p: Position, v: { x: number; y: number }): Position => ({
    lon: p.lon + (v.x * tcpaS) / mPerLon,
    lat: p.lat + (v.y * tcpaS) / mPerLat,
  });
  return {
    tcpaS,
    cpaM: Math.hypot(dx + vx * tcpaS, dy + vy * tcpaS),
    rangeM: Math.hypot(dx, dy),
    a: at(a, va),
    b: at(b, vb),
  };
}

function velocity(m: Motion): { x: number; y: number } {
  return { x: m.sogMps * Math.sin(m.cogDeg * RAD), y: m.sogMps * Math.cos(m.cogDeg * RAD) };
}

/** A motion brought forward by `seconds` on its course. */
export function advance(m: Motion, seconds: number): Motion {
  const v = velocity(m);
  return {
    ...m,
    lat: m.lat + (v.y * seconds) / (EARTH_M * RAD),
    lon: m.lon + (v.x * seconds) / (EARTH_M * RAD * Math.cos(m.lat * RAD)),
  };
}
