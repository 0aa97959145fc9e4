import { categoryOf, NET_BEACON } from "./category.ts";
import type { Fleet } from "./fleet.ts";
import { makeMemory, type Memory } from "./memory.ts";
import { mercatorX, mercatorY } from "./mercator.ts";

/** What the map needs of the fleet for one update: columns that go to the graphics card as they are, and
 * columns that answer questions of the page (who is under the pointer, how fast is it). Places for the
 * card are in Mercator's world of size 1, counted from the anchor, in single precision: within 2 cm in
 * the region whose middle the anchor is, within 1.2 m on the other side of the Earth. */
export interface Picture {
  n: number;
  /** The first `beacons` rows are net beacons: what comes later lies above. */
  beacons: number;
  /** Vessels and aids with those of hidden categories, without net beacons. */
  total: number;
  totalBeacons: number;
  eventMs: number;
  anchor: [lon: number, lat: number];
  /** In which all columns lie. */
  memory: Memory;
  lonLat: Float64Array; // 2n
  icon: Float32Array; // 4n: place x and y, radians clockwise, index in SHAPES
  color: Uint8Array; // 4n
  vectors: Segments; // m speed vectors
  vectorColor: Uint8Array; // 4m
  head: Segments; // from the last finished step of the tail to here
  track: Uint32Array;
  lastMs: Float64Array;
  sogMps: Float32Array;
  cogDeg: Float32Array;
  headingDeg: Float32Array;
  navStatus: Int8Array;
  kind: Uint8Array;
  ring: Int8Array;
  state: Uint8Array;
}

/** Lines, four numbers each: where it starts and where it ends, for the card. */
export type Segments = Float32Array;

function setSegment(s: Segments, i: number, xA: number, yA: number, xB: number, yB: number): void {
  s[4 * i] = xA;
  s[4 * i + 1] = yA;
  s[4 * i + 2] = xB;
  s[4 * i + 3] = yB;
}

export interface PictureOptions {
  vectorMinutes: number;
  /** RGB by category. */
  colors: number[][];
  /** Longitude and latitude from which places for the card are counted. It stays while the page stands. */
  anchor: [lon: number, lat: number];
  /** Older than this is faded, in milliseconds of event time. */
  staleMs: number;
  tailStepMs: number;
  /** Categories that are not drawn. */
  hidden: boolean[];
}

export const SHAPES = [
  "class_a", "class_b", "base", "aton", "sar", "distress", "no_heading", "class_a_rest", "class_b_rest", "lost",
  "net_beacon",
] as const;
const NO_HEADING = 6, A_REST = 7, B_REST = 8, LOST = 9, BEACON = 10;

const STILL_MPS = 0.26; // half a knot: AIS speed noise of a moored ship stays below it
const M_PER_DEG = 111_195; // mean Earth radius 6371 km: good to 0.6 % for a drawn vector
const RAD = Math.PI / 180;

export function shapeOf(kind: number, state: number, hasDirection: boolean, still: boolean): number {
  if (kind === NET_BEACON) return BEACON; // a lost one is faded: crosses would outnumber the ships
  if (state === 1) return LOST;
  if (kind >= 2) return kind;
  if (!hasDirection) return NO_HEADING;
  if (still) return kind === 0 ? A_REST : B_REST;
  return kind;
}

/** Bytes of a row in all columns. */
const ROW_BYTES = 3 * 8 + 3 * 16 + 2 * 4 + 4 * 4 + 4;

/** Columns for `n` rows, in `old` if that is big enough, else in fresh memory with room to grow. */
function blank(n: number, eventMs: number, anchor: [lon: number, lat: number], old?: Memory) {
  const memory = old && old.byteLength >= ROW_BYTES * n ? old : makeMemory(ROW_BYTES * (n + (n >> 2) + 64));
  let end = 0;
  /** Where the next column starts; those of the widest values come first, so that each is aligned. */
  const after = (bytes: number): number => (end += bytes) - bytes;
  return {
    n,
    eventMs,
    anchor,
    memory,
    lonLat: new Float64Array(memory, after(16 * n), 2 * n),
    lastMs: new Float64Array(memory, after(8 * n), n),
    icon: new Float32Array(memory, after(16 * n), 4 * n),
    vectors: new Float32Array(memory, after(16 * n), 4 * n),
    head: new Float32Array(memory, after(16 * n), 4 * n),
    track: new Uint32Array(memory, after(4 * n), n),
    sogMps: new Float32Array(memory, after(4 * n), n),
    cogDeg: new Float32Array(memory, after(4 * n), n),
    headingDeg: new Float32Array(memory, after(4 * n), n),
    color: new Uint8Array(memory, after(4 * n), 4 * n),
    vectorColor: new Uint8Array(memory, after(4 * n), 4 * n),
    navStatus: new Int8Array(memory, after(n), n),
    kind: new Uint8Array(memory, after(n), n),
    ring: new Int8Array(memory, after(n), n),
    state: new Uint8Array(memory, after(n), n),
  };
}

/** The fleet as it is now. `old` is memory of a picture that nobody reads any more: it is used again. */
export function makePicture(fleet: Fleet, o: PictureOptions, old?: Memory): Picture {
  const rows = new Int32Array(fleet.count);
  let n = 0;
  let totalBeacons = 0;
  for (let i = 0; i < fleet.count; i++) {
    if (fleet.kind[i] !== NET_BEACON) continue;
    totalBeacons++;
    if (!o.hidden[categoryOf(NET_BEACON, 0)]) rows[n++] = i;
  }
  const beacons = n;
  for (let i = 0; i < fleet.count; i++) {
    const kind = fleet.kind[i]!;
    if (kind !== NET_BEACON && !o.hidden[categoryOf(kind, fleet.category[i]!)]) rows[n++] = i;
  }
  const p: Picture = {
    ...blank(n, fleet.eventMs, o.anchor, old), beacons, totalBeacons, total: fleet.count - totalBeacons,
  };
  const anchorX = mercatorX(o.anchor[0]), anchorY = mercatorY(o.anchor[1]);
  const seconds = 60 * o.vectorMinutes;
  let vectors = 0;
  let heads = 0;
  for (let j = 0; j < n; j++) {
    const i = rows[j]!;
    const lon = fleet.lon[i]!, lat = fleet.lat[i]!;
    const sog = fleet.sogMps[i]!, cog = fleet.cogDeg[i]!, heading = fleet.headingDeg[i]!;
    const kind = fleet.kind[i]!, state = fleet.state[i]!;
    const still = !(sog >= STILL_MPS);
    const direction = heading === heading ? heading : still ? NaN : cog;
    const hasDirection = direction === direction;
    p.lonLat[2 * j] = lon;
    p.lonLat[2 * j + 1] = lat;
    const x = mercatorX(lon) - anchorX, y = mercatorY(lat) - anchorY;
    p.icon[4 * j] = x;
    p.icon[4 * j + 1] = y;
    p.icon[4 * j + 2] = hasDirection && kind < 2 ? direction * RAD : 0;
    p.icon[4 * j + 3] = shapeOf(kind, state, hasDirection, still);
    const rgb = o.colors[categoryOf(kind, fleet.category[i]!)]!;
    const stale = state !== 0 || fleet.eventMs - fleet.lastMs[i]! > o.staleMs;
    p.color[4 * j] = rgb[0]!;
    p.color[4 * j + 1] = rgb[1]!;
    p.color[4 * j + 2] = rgb[2]!;
    const beacon = j < beacons; // thousands drift with one tide: neither vector nor tail says anything
    p.color[4 * j + 3] = stale ? 110 : 255;
    if (!beacon && !still && state === 0 && cog === cog && seconds > 0) {
      // Mercator is conformal: a short way is as much longer to the north as to the east.
      const way = (sog * seconds) / (360 * M_PER_DEG * Math.cos(lat * RAD));
      setSegment(p.vectors, vectors, x, y, x + way * Math.sin(cog * RAD), y - way * Math.cos(cog * RAD));
      const at = 4 * vectors;
      p.vectorColor[at] = rgb[0]!;
      p.vectorColor[at + 1] = rgb[1]!;
      p.vectorColor[at + 2] = rgb[2]!;
      p.vectorColor[at + 3] = stale ? 90 : 200;
      vectors++;
    }
    const fromLon = fleet.tailLon[i]!, fromLat = fleet.tailLat[i]!;
    if (!beacon && fromLon === fromLon && (fromLon !== lon || fromLat !== lat)) {
      setSegment(p.head, heads, mercatorX(fromLon) - anchorX, mercatorY(fromLat) - anchorY, x, y);
      heads++;
    }
    p.track[j] = fleet.track[i]!;
    p.lastMs[j] = fleet.lastMs[i]!;
    p.sogMps[j] = sog;
    p.cogDeg[j] = cog;
    p.headingDeg[j] = heading;
    p.navStatus[j] = fleet.navStatus[i]!;
    p.kind[j] = kind;
    p.ring[j] = fleet.ring[i]!;
    p.state[j] = state;
  }
  p.vectors = p.vectors.subarray(0, 4 * vectors);
  p.vectorColor = p.vectorColor.subarray(0, 4 * vectors);
  p.head = p.head.subarray(0, 4 * heads);
  return p;
}

/** Ends a step of every tail: the segments since the last one, and a new start from here. A jump of
 * more than a tenth of a degree is another fix, not a way: it draws no line. */
export function endTailStep(fleet: Fleet, [anchorLon, anchorLat]: [lon: number, lat: number]): Segments {
  const anchorX = mercatorX(anchorLon), anchorY = mercatorY(anchorLat);
  const out = new Float32Array(4 * fleet.count);
  let m = 0;
  for (let i = 0; i < fleet.count; i++) {
    const a = fleet.tailLon[i]!, b = fleet.tailLat[i]!;
    const lon = fleet.lon[i]!, lat = fleet.lat[i]!;
    const moved = Math.abs(lon - a) + Math.abs(lat - b);
    if (moved > 1e-5 && moved < 0.1 && fleet.kind[i] !== NET_BEACON) {
      setSegment(
        out, m++, mercatorX(a) - anchorX, mercatorY(b) - anchorY, mercatorX(lon) - anchorX, mercatorY(lat) - anchorY,
      );
    }
    fleet.tailLon[i] = lon;
    fleet.tailLat[i] = lat;
  }
  const step = new Float32Array(makeMemory(16 * m));
  step.set(out.subarray(0, 4 * m));
  return step;
}
