import { expect, test } from "vitest";
import { parseFromPlace, placesOf, type Named } from "./fromPlace.ts";
import { bearingDeg, distanceM } from "./geo.ts";
import { parsePosition } from "./position.ts";

const HAIKOU: Named = { names: ["海口港", "Haikou Port"], at: { lon: 110.28, lat: 20.03 } };
const XIUYING: Named = { names: ["秀英港", "Xiuying Port"], at: { lon: 110.27, lat: 20.02 } };
const SANYA: Named = { names: ["三亚港", "Sanya Port"], at: { lon: 109.49, lat: 18.23 } };
const PLACES = [HAIKOU, XIUYING, SANYA];

test.each([
  ["245 3.2 haikou", 245, 3.2 * 1852],
  ["245°T 3.2 nm from Haikou Port", 245, 3.2 * 1852],
  ["245T 3,2nm of Haikou", 245, 3.2 * 1852],
  ["海口 245° 3.2海里", 245, 3.2 * 1852],
  ["Haikou 245 3.2", 245, 3.2 * 1852],
  ["010 5 km Haikou", 10, 5000],
  ["0 2 海口港", 0, 3704],
])("%s", (text, bearing, distance) => {
  const [found, ...more] = parseFromPlace(text, PLACES);
  expect(found!.place).toBe(HAIKOU);
  expect(more).toEqual([]);
  expect(distanceM(HAIKOU.at, found!.at)).toBeCloseTo(distance, 0);
  expect(Math.cos(((bearingDeg(HAIKOU.at, found!.at) - bearing) * Math.PI) / 180)).toBeCloseTo(1, 6);
});

test.each(["245 3.2", "245 3.2 nowhere", "400 3 haikou", "haikou", "", "20.5 110.25", "20 01.2N 110 12.5E"])("is no place: %s", (text) => {
  expect(parseFromPlace(text, PLACES)).toEqual([]);
});

test("a name that fits several means each of them, a whole one that alone", () => {
  expect(placesOf("port", PLACES)).toEqual(PLACES);
  expect(parseFromPlace("245 3.2 port", PLACES).map((f) => f.place)).toEqual(PLACES);
  expect(placesOf("sanya port", PLACES)).toEqual([SANYA]);
  expect(placesOf("秀英", PLACES)).toEqual([XIUYING]);
});

test("what is a position is read as one first", () => {
  expect(parsePosition("245 3.2 haikou")).toBeNull();
});
