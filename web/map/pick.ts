import type { Picture } from "../client/picture.ts";

const RAD = Math.PI / 180;

/** The row nearest to a place and within `radiusPx` on the screen, or -1. A scan of 20,000 rows takes
 * half a millisecond; a picking pass on the graphics card would draw the whole fleet once more. */
export function nearestRow(p: Picture, lon: number, lat: number, worldPx: number, radiusPx: number): number {
  const xScale = worldPx / 360;
  const yScale = worldPx / (360 * Math.cos(lat * RAD)); // Mercator is conformal: locally even
  let best = radiusPx * radiusPx;
  let row = -1;
  for (let i = 0; i < p.n; i++) {
    const dy = (p.lonLat[2 * i + 1]! - lat) * yScale;
    if (dy > radiusPx || dy < -radiusPx) continue;
    const dx = (p.lonLat[2 * i]! - lon) * xScale;
    const d = dx * dx + dy * dy;
    if (d <= best) {
      best = d;
      row = i;
    }
  }
  return row;
}

export function rowOfTrack(p: Picture, track: number): number {
  return p.track.indexOf(track);
}

/** At most `most` rows inside the bounds, spread out: one in each cell of a grid on the screen. Net beacons
 * have no name that helps. */
export function rowsToLabel(
  p: Picture, west: number, south: number, east: number, north: number, columns: number, lines: number,
): number[] {
  const taken = new Uint8Array(columns * lines);
  const rows: number[] = [];
  for (let i = p.beacons; i < p.n; i++) {
    const lon = p.lonLat[2 * i]!, lat = p.lonLat[2 * i + 1]!;
    if (lon < west || lon >= east || lat < south || lat >= north) continue;
    const cell =
      Math.floor(((lon - west) / (east - west)) * columns) +
      columns * Math.floor(((lat - south) / (north - south)) * lines);
    if (taken[cell]) continue;
    taken[cell] = 1;
    rows.push(i);
  }
  return rows;
}
