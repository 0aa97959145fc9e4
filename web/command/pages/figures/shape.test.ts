import { expect, test } from "vitest";
import { axisTop, gathered, stacked, total } from "./shape.ts";

const SERIES = [{ of: "cargo", counts: [1, 2, 0] }, { of: "fishing", counts: [3, 0, 4] }];

test("bars stand on each other", () => {
  const { bars, top } = stacked(SERIES, 3);
  expect(top).toBe(4);
  expect(bars).toEqual([
    { of: "cargo", hour: 0, from: 0, to: 1 }, { of: "fishing", hour: 0, from: 1, to: 4 },
    { of: "cargo", hour: 1, from: 0, to: 2 }, { of: "fishing", hour: 2, from: 0, to: 4 },
  ]);
});

test("an axis ends at a round number", () => {
  expect([0, 1, 3, 10, 11, 99, 2501].map(axisTop)).toEqual([1, 1, 5, 10, 20, 100, 5000]);
});

test("hours are summed where there are too many", () => {
  expect(gathered(SERIES, 3, 2)).toEqual({ step: 2, series: [{ of: "cargo", counts: [3, 0] }, { of: "fishing", counts: [3, 4] }] });
  expect(gathered(SERIES, 3, 3).step).toBe(1);
  expect(SERIES.map(total)).toEqual([3, 7]);
});
