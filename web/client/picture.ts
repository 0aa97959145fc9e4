import { categoryOf } from "./category.ts";
import type { Fleet } from "./fleet.ts";

/** What the map needs of the fleet for one update: columns ready for the graphics card, and columns
 * that answer questions of the page (who is under the pointer, how fast is it). */
export interface Picture {
  n: number;
  eventMs: number;
  lonLat: Float64Array; // 2n
  angleDeg: Float32Array; // n, counter-clockwise as deck.gl turns icons
  color: Uint8Array; // 4n
  icon: Float32Array; // 7n, deck.gl's icon definition
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

/** Lines from one place to another: longitude, latitude of each start and of each end. */
export interface Segments {
  from: Float64Array;
  to: Float64Array;
}

const makeSegments = (n: number): Segments => ({ from: new Float64Array(2 * n), to: new Float64Array(2 * n) });
const cutSegments = (s: Segments, n: number): Segments => ({ from: s.from.subarray(0, 2 * n), to: s.to.subarray(0, 2 * n) });

function setSegment(s: Segments, i: number, lonA: number, latA: number, lonB: number, latB: number): void {
  s.from[2 * i] = lonA;
  s.from[2 * i + 1] = latA;
  s.to[2 * i] = lonB;
  s.to[2 * i + 1] = latB;
}

export interface PictureOptions {
  vectorMinutes: number;
  /** RGB by category. */
  colors: number[][];
  /** Icon definitions by shape, 7 numbers each. */
  icons: number[][];
  /** Older than this is faded, in milliseconds of event time. */
  staleMs: number;
  tailStepMs: number;
  /** Categories that are not drawn. */
  hidden: boolean[];
}

export const SHAPES = [
  "class_a", "class_b", "base", "aton", "sar", "distress", "no_heading", "class_a_rest", "class_b_rest", "lost",
] as const;
const NO_HEADING = 6, A_REST = 7, B_REST = 8, LOST = 9;

const STILL_MPS = 0.26; // half a knot: AIS speed noise of a moored ship stays below it
const M_PER_DEG = 111_195; // mean Earth radius 6371 km: good to 0.6 % for a drawn vector
const RAD = Math.PI / 180;

export function shapeOf(kind: number, state: number, hasDirection: boolean, still: boolean): number {
  if (state === 1) return LOST;
  if (kind >= 2) return kind;
  if (!hasDirection) return NO_HEADING;
  if (still) return kind === 0 ? A_REST : B_REST;
  return kind;
}

export function makePicture(fleet: Fleet, o: PictureOptions): Picture {
  const total = fleet.count;
  const rows = new Int32Array(total);
  let n = 0;
  for (let i = 0; i < total; i++) {
    if (!o.hidden[categoryOf(fleet.kind[i]!, fleet.category[i]!)]) rows[n++] = i;
  }
  const p: Picture = {
    n,
    eventMs: fleet.eventMs,
    lonLat: new Float64Array(2 * n),
    angleDeg: new Float32Array(n),
    color: new Uint8Array(4 * n),
    icon: new Float32Array(7 * n),
    vectors: makeSegments(n),
    vectorColor: new Uint8Array(4 * n),
    head: makeSegments(n),
    track: new Uint32Array(n),
    lastMs: new Float64Array(n),
    sogMps: new Float32Array(n),
    cogDeg: new Float32Array(n),
    headingDeg: new Float32Array(n),
    navStatus: new Int8Array(n),
    kind: new Uint8Array(n),
    ring: new Int8Array(n),
    state: new Uint8Array(n),
  };
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
    p.angleDeg[j] = hasDirection && kind < 2 ? -direction : 0;
    const shape = o.icons[shapeOf(kind, state, hasDirection, still)]!;
    for (let k = 0; k < 7; k++) p.icon[7 * j + k] = shape[k]!;
    const rgb = o.colors[categoryOf(kind, fleet.category[i]!)]!;
    const stale = state !== 0 || fleet.eventMs - fleet.lastMs[i]! > o.staleMs;
    p.color[4 * j] = rgb[0]!;
    p.color[4 * j + 1] = rgb[1]!;
    p.color[4 * j + 2] = rgb[2]!;
    p.color[4 * j + 3] = stale ? 110 : 255;
    if (!still && state === 0 && cog === cog && seconds > 0) {
      const north = (sog * seconds * Math.cos(cog * RAD)) / M_PER_DEG;
      const east = (sog * seconds * Math.sin(cog * RAD)) / (M_PER_DEG * Math.cos(lat * RAD));
      setSegment(p.vectors, vectors, lon, lat, lon + east, lat + north);
      const at = 4 * vectors;
      p.vectorColor[at] = rgb[0]!;
      p.vectorColor[at + 1] = rgb[1]!;
      p.vectorColor[at + 2] = rgb[2]!;
      p.vectorColor[at + 3] = stale ? 90 : 200;
      vectors++;
    }
    const fromLon = fleet.tailLon[i]!;
    if (fromLon === fromLon && (fromLon !== lon || fleet.tailLat[i] !== lat)) {
      setSegment(p.head, heads, fromLon, fleet.tailLat[i]!, lon, lat);
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
  p.vectors = cutSegments(p.vectors, vectors);
  p.vectorColor = p.vectorColor.subarray(0, 4 * vectors);
  p.head = cutSegments(p.head, heads);
  return p;
}

/** Ends a step of every tail: the segments since the last one, and a new start from here. A jump of
 * more than a tenth of a degree is another fix, not a way: it draws no line. */
export function endTailStep(fleet: Fleet): Segments {
  const out = makeSegments(fleet.count);
  let m = 0;
  for (let i = 0; i < fleet.count; i++) {
    const a = fleet.tailLon[i]!, b = fleet.tailLat[i]!;
    const lon = fleet.lon[i]!, lat = fleet.lat[i]!;
    const moved = Math.abs(lon - a) + Math.abs(lat - b);
    if (moved > 1e-5 && moved < 0.1) setSegment(out, m++, a, b, lon, lat);
    fleet.tailLon[i] = lon;
    fleet.tailLat[i] = lat;
  }
  return cutSegments(out, m);
}

/** What can change hands with `postMessage` instead of being copied. */
export function buffersOf(value: Picture | Segments): ArrayBuffer[] {
  const out: ArrayBuffer[] = [];
  for (const v of Object.values(value) as unknown[]) {
    if (ArrayBuffer.isView(v)) out.push(v.buffer as ArrayBuffer);
    else if (typeof v === "object" && v !== null) out.push(...buffersOf(v as Segments));
  }
  return out;
}
