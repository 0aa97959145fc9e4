/** The binary frame of docs/live-stream.md: little-endian columns, each padded to 8 bytes.
 * Decoding makes views over the bytes that came; nothing is copied and no row becomes an object. */

export const STATE_LIVE = 0;
export const STATE_LOST = 1;
export const STATE_GONE = 2;

export interface Frame {
  n: number;
  eventMs: number;
  lon: Float64Array;
  lat: Float64Array;
  lastMs: Float64Array;
  track: Uint32Array;
  sogMps: Float32Array;
  cogDeg: Float32Array;
  headingDeg: Float32Array;
  navStatus: Int8Array;
  kind: Uint8Array;
  ring: Int8Array;
  state: Uint8Array;
}

/** The bytes are no frame of this version; the message says what is wrong. */
export class FrameError extends Error {}

const MAGIC = 0x3146544c; // "LTF1" read little-endian
const HEADER = 16;
const pad = (bytes: number): number => (bytes + 7) & ~7;

export function frameBytes(n: number): number {
  return HEADER + 3 * 8 * n + 4 * pad(4 * n) + 4 * pad(n);
}

export function decodeFrame(buffer: ArrayBuffer): Frame {
  if (buffer.byteLength < HEADER) throw new FrameError(`${buffer.byteLength} bytes hold no header`);
  const view = new DataView(buffer);
  if (view.getUint32(0, true) !== MAGIC) throw new FrameError("does not start with LTF1");
  const n = view.getUint32(4, true);
  if (buffer.byteLength !== frameBytes(n)) {
    throw new FrameError(`${n} rows need ${frameBytes(n)} bytes, got ${buffer.byteLength}`);
  }
  let at = HEADER;
  const next = (bytes: number): number => {
    const from = at;
    at += pad(bytes);
    return from;
  };
  return {
    n,
    eventMs: view.getFloat64(8, true),
    lon: new Float64Array(buffer, next(8 * n), n),
    lat: new Float64Array(buffer, next(8 * n), n),
    lastMs: new Float64Array(buffer, next(8 * n), n),
    track: new Uint32Array(buffer, next(4 * n), n),
    sogMps: new Float32Array(buffer, next(4 * n), n),
    cogDeg: new Float32Array(buffer, next(4 * n), n),
    headingDeg: new Float32Array(buffer, next(4 * n), n),
    navStatus: new Int8Array(buffer, next(n), n),
    kind: new Uint8Array(buffer, next(n), n),
    ring: new Int8Array(buffer, next(n), n),
    state: new Uint8Array(buffer, next(n), n),
  };
}
