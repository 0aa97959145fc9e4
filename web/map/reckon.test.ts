import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { distanceM } from "./geo.ts";
import { reckon, type Reckoned } from "./reckon.ts";

interface Vector {
  name: string;
  contact: Reckoned;
  at: string;
  expected: { lon: number; lat: number; radius_m: number; is_old: boolean };
}

const VECTORS = JSON.parse(readFileSync(new URL("../../contracts/contacts/reckoning.json", import.meta.url), "utf8")) as Vector[];

test("there are vectors", () => expect(VECTORS.length).toBeGreaterThan(8));

test.each(VECTORS.map((v) => [v.name, v] as const))("%s", (_, { contact, at, expected }) => {
  const found = reckon(contact, Date.parse(at));
  expect(distanceM(found.at, expected)).toBeLessThan(1);
  expect(Math.abs(found.radiusM - expected.radius_m)).toBeLessThan(1);
  expect(found.isOld).toBe(expected.is_old);
});
