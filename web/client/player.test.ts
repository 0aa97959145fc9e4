import { expect, test } from "vitest";
import { Fleet } from "./fleet.ts";
import type { Frame } from "./frame.ts";
import type { Piece } from "./piece.ts";
import { Player } from "./player.ts";

/** Rows of (track, second, longitude). */
function frame(rows: [track: number, second: number, lon: number][]): Frame {
  const n = rows.length;
  const f32 = (): Float32Array => new Float32Array(n).fill(1);
  return {
    n, eventMs: 0,
    lon: Float64Array.from(rows, (r) => r[2]), lat: new Float64Array(n).fill(20),
    lastMs: Float64Array.from(rows, (r) => 1000 * r[1]), track: Uint32Array.from(rows, (r) => r[0]),
    sogMps: f32(), cogDeg: f32(), headingDeg: f32(), navStatus: new Int8Array(n), kind: new Uint8Array(n),
    ring: new Int8Array(n), state: new Uint8Array(n),
  };
}

function piece(from: number, to: number, first: Parameters<typeof frame>[0], then: Parameters<typeof frame>[0]): Piece {
  const tracks = [...new Set([...first, ...then].map((r) => r[0]))];
  return {
    told: {
      from: 1000 * from, to: 1000 * to, lost_after_s: [600, 900, 900, 900, 300, 1800], gone_after_s: 3600,
      vessels: { track: tracks, mmsi: tracks, id: tracks.map(() => null), name: tracks.map((t) => `S${t}`), ship_type: tracks.map(() => 70) },
    },
    first: frame(first), then: frame(then),
  };
}

const lonOf = (fleet: Fleet, track: number): number => fleet.lon[fleet.row(track)]!;

test("each report holds from its own time on, over the border of pieces", () => {
  const fleet = new Fleet();
  const player = new Player(fleet, 0);
  player.add(piece(0, 60, [[1, -5, 110]], [[1, 10, 111], [2, 20, 115], [1, 50, 112]]));
  player.add(piece(60, 120, [], [[1, 60, 113], [2, 110, 116]]));
  player.advance(9_000);
  expect([fleet.count, lonOf(fleet, 1)]).toEqual([1, 110]);
  player.advance(20_000);
  expect([lonOf(fleet, 1), lonOf(fleet, 2)]).toEqual([111, 115]);
  player.advance(60_000);
  expect(lonOf(fleet, 1)).toBe(113);
  player.advance(500_000);
  expect([fleet.eventMs, lonOf(fleet, 2)]).toEqual([120_000, 116]);
  expect(player.who.get(2)!.name).toBe("S2");
});

test("a piece that does not go on where the last one ended is no part of it", () => {
  const player = new Player(new Fleet(), 0);
  player.add(piece(0, 60, [[1, 0, 110]], []));
  player.add(piece(90, 120, [], [[1, 95, 111]]));
  expect(player.loadedMs).toBe(60_000);
});

test("who is silent is lost, and after an hour gone", () => {
  const fleet = new Fleet();
  const player = new Player(fleet, 0);
  player.add(piece(0, 7200, [[1, 0, 110], [2, 0, 110]], [[2, 3000, 111]]));
  player.advance(601_000);
  expect([fleet.count, fleet.state[fleet.row(1)]]).toEqual([2, 1]);
  player.advance(3_000_000);
  expect(fleet.state[fleet.row(2)]).toBe(0);
  player.advance(3_611_000);
  expect([fleet.count, fleet.row(1)]).toEqual([1, -1]);
});
