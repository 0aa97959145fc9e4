import { expect, test } from "vitest";
import type { Subject } from "../../../client/cases.ts";
import type { Page } from "../../../client/types.ts";
import { firstOf } from "./usePersons.ts";

const subject = (id: string): Subject => ({ id, fields: {}, corrected: {} });
const PAGES: Record<string, Page<Subject>> = {
  "": { items: [subject("a"), subject("b")], next_cursor: "b" },
  b: { items: [subject("c"), subject("d")], next_cursor: "d" },
  d: { items: [subject("e")], next_cursor: null },
};

test.each([
  [1, "ab", "b", [""]],
  [2, "abcd", "d", ["", "b"]],
  [3, "abcde", null, ["", "b", "d"]],
  [9, "abcde", null, ["", "b", "d"]],
])("as many pages as were shown are asked for: %d", async (pages, ids, cursor, wanted) => {
  const asked: string[] = [];
  const found = await firstOf(pages, async (at = "") => {
    asked.push(at);
    return PAGES[at]!;
  });
  expect([found.items.map((s) => s.id).join(""), found.next_cursor, asked]).toEqual([ids, cursor, wanted]);
});
