import { expect, test } from "vitest";
import { standing } from "./standstill.ts";

const quiet = { link: "open", stale: true, isFilling: true, ageMs: 20_000 } as const;

test("a picture that stands still while history fills is no fault", () => {
  expect(standing(quiet)).toBe("filling");
  expect(standing({ ...quiet, stale: false })).toBe("filling");
});

test("it is one when the link is broken, when nothing fills, and when it takes too long", () => {
  expect(standing({ ...quiet, link: "waiting" })).toBe("waiting");
  expect(standing({ ...quiet, link: "connecting" })).toBe("connecting");
  expect(standing({ ...quiet, isFilling: false })).toBe("stale");
  expect(standing({ ...quiet, ageMs: 91_000 })).toBe("stale");
  expect(standing({ ...quiet, isFilling: false, stale: false })).toBe("live");
});
