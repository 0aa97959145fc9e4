import { expect, test } from "vitest";
import { isPicture, stepTo } from "./gallery.ts";

test("the arrows lead from picture to picture and end at the ends", () => {
  expect([stepTo("ArrowRight", 0, 3), stepTo("ArrowRight", 2, 3), stepTo("ArrowLeft", 1, 3), stepTo("ArrowLeft", 0, 3)]).toEqual([1, null, 0, null]);
  expect([stepTo("End", 0, 3), stepTo("Home", 2, 3), stepTo("End", 2, 3), stepTo("a", 1, 3)]).toEqual([2, 0, null, null]);
  expect(stepTo("ArrowRight", 0, 1)).toBeNull();
});

test("pictures are what a browser shows, and no drawing that may hold a script", () => {
  expect(["image/jpeg", "image/png", "image/webp"].map((media_type) => isPicture({ media_type }))).toEqual([true, true, true]);
  expect(["image/heic", "image/svg+xml", "video/mp4", "application/pdf", ""].map((media_type) => isPicture({ media_type }))).toEqual([false, false, false, false, false]);
});
