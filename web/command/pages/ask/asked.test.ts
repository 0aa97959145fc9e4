import { expect, test } from "vitest";
import { areaText, isArea, NO_AREA, ringOf, spanOf } from "./asked.ts";

test("an area is a fence or three corners", () => {
  expect(isArea(NO_AREA)).toBe(false);
  expect(isArea({ fence: "", corners: [[110, 20], [110.1, 20]] })).toBe(false);
  expect(isArea({ fence: "f", corners: [] })).toBe(true);
  expect(areaText({ fence: "f", corners: [] })).toBe("fence:f");
  expect(areaText({ fence: "", corners: [[110, 20], [110.123456, 20], [110, 20.5]] }))
    .toBe("110.00000,20.00000 110.12346,20.00000 110.00000,20.50000");
});

test("an outline is closed", () => {
  expect(ringOf([])).toEqual([]);
  expect(ringOf([[1, 2], [3, 4]])).toEqual([[1, 2], [3, 4], [1, 2]]);
});

test("a span is of the wall of the watch, and forward", () => {
  expect(spanOf({ from: "2026-11-24T08:00", to: "2026-11-24T09:00" }, "Asia/Shanghai"))
    .toEqual({ from: "2026-11-24T00:00:00.000Z", to: "2026-11-24T01:00:00.000Z" });
  expect(spanOf({ from: "2026-11-24T08:00", to: "2026-11-24T08:00" }, "UTC")).toBeNull();
  expect(spanOf({ from: "", to: "2026-11-24T08:00" }, "UTC")).toBeNull();
});
