import { describe, expect, it } from "vitest";
import type { Listed } from "../../client/watchList.ts";
import { entryOf, tracksOf } from "./listed.ts";

const make = (patch: Partial<Listed>): Listed => ({
  id: "w", version: 1, mmsi: null, imo: null, name: null, reason: "seen at night", owner: "li", desk: "460000/police", at: "2026-11-30T00:00:00.000Z",
  until: "2026-12-30T00:00:00.000Z", ends_soon: false, waiting: null, vessels: [], names: {}, ...patch,
});
const she = { mmsi: 412000001, imo: 9074729, name: "HAI 1" };

describe("watch-list", () => {
  it("knows a vessel by any of what an entry says", () => {
    for (const patch of [{ mmsi: 412000001 }, { imo: 9074729 }, { name: "HAI 1" }, { mmsi: 5, name: "HAI 1" }]) {
      expect(entryOf([make({ id: "other", name: "HAI 2" }), make(patch)], she)?.id).toBe("w");
    }
  });
  it("takes nothing unknown for the same", () => {
    expect(entryOf([make({ mmsi: 412000002 })], { mmsi: 412000001, imo: null, name: null })).toBeUndefined();
  });
  it("gives the tracks to mark", () => {
    const vessel = { id: "x", track: 7, mmsi: 412000001, label: "HAI 1" };
    expect(tracksOf([make({ vessels: [vessel, { ...vessel, track: 9 }] }), make({})])).toEqual([7, 9]);
  });
});
