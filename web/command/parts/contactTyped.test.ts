import { expect, test } from "vitest";
import type { ContactStep } from "../../client/contacts.ts";
import { bodyOf, NOTHING, placed, severalPlaces, typedOf, wanting } from "./contactTyped.ts";

const ZONE = "Asia/Shanghai";
const PLACES = [{ names: ["海口港", "Haikou Port"], at: { lon: 110.28, lat: 20.03 } }];
const STEP: ContactStep = {
  id: "a", kind: "report", at: "2026-11-30T02:00:00.000Z", by: "Li", desk: "460000/police", replaces: null, replaced: false,
  fields: {
    heard: "2026-11-30T01:58:07.000Z", lon: 110.3, lat: 20.1, accuracy_m: 926, what: "small_craft", source: "vhf", channel: "16", name: "HAI 1",
    mmsi: 412000001, cog_deg: 90, sog_kn: 6, on_board: 3, keep_h: 4, said: "engine trouble",
  },
};

test("a position is taken in any form of the search box, or from a place with its words kept", () => {
  expect(placed("20°06.000′N 110°18.000′E", PLACES)).toEqual({ at: { lon: 110.3, lat: 20.1 }, words: "" });
  expect(placed("000 6 nm from Haikou", PLACES)!.words).toBe("000 6 nm from Haikou");
  expect(placed("somewhere", PLACES)).toBeNull();
  const two = [...PLACES, { names: ["海口新港", "Haikou New Port"], at: { lon: 110.3, lat: 20.04 } }];
  expect(placed("000 6 haikou", two)).toBeNull();
  expect(severalPlaces("000 6 haikou", two, "en")).toEqual(["Haikou Port", "Haikou New Port"]);
  expect(severalPlaces("000 6 海口", two, "zh")).toEqual(["海口港", "海口新港"]);
});

test("what is wanting is named", () => {
  expect(wanting({ ...NOTHING, mmsi: "41x", course: "ninety" }, PLACES)).toEqual({ place: true, mmsi: true, cog_deg: true });
  expect(wanting({ ...NOTHING, place: "20.1 110.3", speed: "6,5" }, PLACES)).toEqual({});
});

test("what was not said is not sent as a number, and now is nobody's time", () => {
  const body = bodyOf({ ...NOTHING, place: "20.1 110.3", course: "360" }, placed("20.1 110.3", PLACES)!, ZONE);
  expect(body).toMatchObject({ lon: 110.3, lat: 20.1, heard: null, mmsi: null, sog_kn: null, on_board: null, cog_deg: 0, accuracy_m: 1852, keep_h: 2, replaces: null });
});

test("a correction begins with what was said, and keeps the second in which it was heard", () => {
  const typed = typedOf(STEP, ZONE);
  expect(typed).toMatchObject({ place: "20°06.000′N 110°18.000′E", heard: "2026-11-30T09:58", accuracyNm: "0.5", keepH: "4", said: "engine trouble", onBoard: "3" });
  const body = bodyOf(typed, placed(typed.place, PLACES)!, ZONE, STEP);
  expect(body).toMatchObject({ heard: "2026-11-30T01:58:07.000Z", replaces: "a", sog_kn: 6, name: "HAI 1" });
  expect(bodyOf({ ...typed, heard: "2026-11-30T09:50" }, placed(typed.place, PLACES)!, ZONE, STEP).heard).toBe("2026-11-30T01:50:00.000Z");
});
