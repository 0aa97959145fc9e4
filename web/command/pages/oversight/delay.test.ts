import { expect, test } from "vitest";
import { basesToEnd } from "./delay.ts";

test("what a court ordered is ended by its order alone", () => {
  expect(basesToEnd("court_order")).toEqual(["court_order"]);
  expect(basesToEnd("statutory_duty")).toEqual(["court_order", "statutory_duty"]);
});
