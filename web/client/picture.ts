import { categoryOf } from "./category.ts";
import type { Fleet } from "./fleet.ts";
import { mercatorX, mercatorY } from "./mercator.ts";

/** What the map needs of the fleet for one update: columns that go to the graphics card as they are, and
 * columns that answer questions of the page (who is under the pointer, how fast is it). Places for the
 * card are in Mercator's world of size 1, counted from the anchor, in single precision: within 2 cm in
 * the region whose middle the anchor is, within 1.2 m on the other side of the Earth. */
export interface Picture {
  n: number;
  /** With those of hidden categories. */
  total: number;
  eventMs: number;
  anchor: [lon: number, lat: number];
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

type Column = Float64Array | Float32Array | Uint32Array | Uint8Array | Int8Array;
type Maker<T extends Column> = new (buffer: ArrayBuffer, offset: number, length: number) => T;

/** `length` values at the start of `old`'s memory if that is big enough, else of fresh memory with room
 * to grow. Every update would else leave megabytes for the page's collector. */
function column<T extends Column>(make: Maker<T>, width: number, length: number, old?: Column): T {
  const bytes = width * length;
  if (old && old.buffer.byteLength >= bytes) return new make(old.buffer as ArrayBuffer, 0, length);
  return new make(new ArrayBuffer((bytes + (bytes >> 2) + 1024) & ~7), 0, length);
}

function blank(n: number, total: number, eventMs: number, anchor: [lon: number, lat: number], old: Picture | undefined): Picture {
  const f64 = (length: number, was?: Column): Float64Array => column(Float64Array, 8, length, was);
  const f32 = (length: number, was?: Column): Float32Array => column(Float32Array, 4, length, was);
  const u8 = (length: number, was?: Column): Uint8Array => column(Uint8Array, 1, length, was);
  const i8 = (length: number, was?: Column): Int8Array => column(Int8Array, 1, length, was);
  return {
    n,
    total,
    eventMs,
    anchor,
    lonLat: f64(2 * n, old?.lonLat),
    icon: f32(4 * n, old?.icon),
    color: u8(4 * n, old?.color),
    vectors: f32(4 * n, old?.vectors),
    vectorColor: u8(4 * n, old?.vectorColor),
    head: f32(4 * n, old?.head),
    track: column(Uint32Array, 4, n, old?.track),
    lastMs: f64(n, old?.lastMs),
    sogMps: f32(n, old?.sogMps),
    cogDeg: f32(n, old?.cogDeg),
    headingDeg: f32(n, old?.headingDeg),
    navStatus: i8(n, old?.navStatus),
    kind: u8(n, old?.kind),
    ring: i8(n, old?.ring),
    state: u8(n, old?.state),
  };
}

/** The fleet as it is now. `old` is a picture that nobody reads any more: its memory is used again. */
export function makePicture(fleet: Fleet, o: PictureOptions, old?: Picture): Picture {
  const total = fleet.count;
  const rows = new Int32Array(total);
  let n = 0;
  for (let i = 0; i < total; i++) {
    if (!o.hidden[categoryOf(fleet.kind[i]!, fleet.category[i]!)]) rows[n++] = i;
  }
  const p = blank(n, total, fleet.eventMs, o.anchor, old);
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
    p.color[4 * j + 3] = stale ? 110 : 255;
    if (!still && state === 0 && cog === cog && seconds > 0) {
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
    if (fromLon === fromLon && (fromLon !== lon || fromLat !== lat)) {
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
    if (moved > 1e-5 && moved < 0.1) {
      setSegment(
        out, m++, mercatorX(a) - anchorX, mercatorY(b) - anchorY, mercatorX(lon) - anchorX, mercatorY(lat) - anchorY,
      );
    }
    fleet.tailLon[i] = lon;
    fleet.tailLat[i] = lat;
  }
  return out.slice(0, 4 * m);
}

/** What can change hands with `postMessage` instead of being copied. */
export function buffersOf(picture: Picture): ArrayBuffer[] {
  const values: unknown[] = Object.values(picture);
  return values.filter((v) => ArrayBuffer.isView(v)).map((v) => v.buffer as ArrayBuffer);
}
