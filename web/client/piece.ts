/** A stretch of the past as docs/replay.md says: who, how each was when it began, and every report by time. */
import { decodeFrame, FrameError, type Frame } from "./frame.ts";

export interface Told {
  /** In ms since 1970. */
  from: number;
  to: number;
  /** By kind. */
  lost_after_s: number[];
  gone_after_s: number;
  vessels: {
    track: number[];
    mmsi: number[];
    id: (string | null)[];
    name: (string | null)[];
    ship_type: (number | null)[];
  };
}

export interface Piece {
  told: Told;
  first: Frame;
  then: Frame;
}

const MAGIC = 0x3150544c; // "LTP1" read little-endian
const HEADER = 16;

export function decodePiece(bytes: ArrayBuffer): Piece {
  const view = new DataView(bytes);
  if (bytes.byteLength < HEADER || view.getUint32(0, true) !== MAGIC) throw new FrameError("does not start with LTP1");
  const [text, first, then] = [4, 8, 12].map((at) => view.getUint32(at, true)) as [number, number, number];
  if (bytes.byteLength !== HEADER + text + first + then) throw new FrameError("is cut short");
  const part = (from: number, length: number): ArrayBuffer => bytes.slice(from, from + length);
  return {
    told: JSON.parse(new TextDecoder().decode(part(HEADER, text))) as Told,
    first: decodeFrame(part(HEADER + text, first)),
    then: decodeFrame(part(HEADER + text + first, then)),
  };
}

/** Rows `from` to before `to`, as a frame of its own over the same bytes. */
export function rowsOf(f: Frame, from: number, to: number, eventMs: number): Frame {
  return {
    n: to - from,
    eventMs,
    lon: f.lon.subarray(from, to),
    lat: f.lat.subarray(from, to),
    lastMs: f.lastMs.subarray(from, to),
    track: f.track.subarray(from, to),
    sogMps: f.sogMps.subarray(from, to),
    cogDeg: f.cogDeg.subarray(from, to),
    headingDeg: f.headingDeg.subarray(from, to),
    navStatus: f.navStatus.subarray(from, to),
    kind: f.kind.subarray(from, to),
    ring: f.ring.subarray(from, to),
    state: f.state.subarray(from, to),
  };
}
