import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeFrame, frameBytes, FrameError } from "./frame.ts";

// contracts/live: written by Python, also read by pytest.
const FOLDER = new URL("../../contracts/live/", import.meta.url);
interface Vectors {
  columns: [string, string][];
  frames: { file: string; event_ms: number; rows: number; columns: Record<string, (number | null)[]> }[];
  refused: (string | { file: string })[];
}
const vectors = JSON.parse(readFileSync(new URL("frames.json", FOLDER), "utf8")) as Vectors;
const bytes = (file: string): ArrayBuffer => new Uint8Array(readFileSync(new URL(file, FOLDER))).buffer;
const camel = (name: string): string => name.replace(/_(\w)/g, (_, c: string) => c.toUpperCase());

describe("frames of contracts/live", () => {
  it("has vectors of each sort", () => {
    expect(vectors.frames.length).toBeGreaterThanOrEqual(4);
    expect(vectors.refused.length).toBeGreaterThanOrEqual(4);
    expect(vectors.columns).toHaveLength(11);
  });

  it.each(vectors.frames)("reads $file", ({ file, event_ms, rows, columns }) => {
    const frame = decodeFrame(bytes(file));
    expect(frame.n).toBe(rows);
    expect(frame.eventMs).toBe(event_ms);
    for (const [name] of vectors.columns) {
      const read = Array.from(frame[camel(name) as "lon"], (v) => (Number.isNaN(v) ? null : v));
      expect(read, name).toEqual(columns[name]);
    }
    expect(frameBytes(rows)).toBe(bytes(file).byteLength);
  });

  it.each(vectors.refused.map((r) => (typeof r === "string" ? r : r.file)))("refuses %s", (file) => {
    expect(() => decodeFrame(bytes(file))).toThrow(FrameError);
  });
});
