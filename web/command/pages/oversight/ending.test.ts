import { expect, test } from "vitest";
import { ending } from "./ending.ts";

test("a number is told by its last four characters, a short one by no more than its half", () => {
  expect(ending(" 460100199001011234 ")).toBe("…1234");
  expect(ending("G1234567")).toBe("…4567");
  expect(ending("A1234")).toBe("…34");
  expect(ending("A123")).toBe("…23");
  expect(ending("")).toBe("…");
});
