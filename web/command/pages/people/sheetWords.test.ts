import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { columnName, sheetName } from "./sheetWords.ts";

const SOURCE = readFileSync(new URL("../../../../src/littoral/store/people/importing.py", import.meta.url), "utf8");
/** Headings of the sheets as the server takes them. */
const HEADINGS = ["unit", "agency", "user"].flatMap((kind, i) => {
  const sheet = ["units", "agencies", "users"][i]!;
  const block = new RegExp(`^${kind.toUpperCase()}_COLUMNS = \\(([\\s\\S]*?)^\\)`, "m").exec(SOURCE)![1]!;
  return [...block.matchAll(/Column\("(\w+)", "([^"]+)"/g)].map((m) => ({ sheet, key: m[1]!, zh: m[2]! }));
});

test("each heading that the server takes is named as in the template, in Chinese too", () => {
  expect(HEADINGS.length).toBe(25);
  for (const { sheet, key, zh } of HEADINGS) {
    expect(columnName("zh", sheet, key)).toBe(`${zh}（${key}）`);
    expect(columnName("en", sheet, key)).toBe(key);
  }
});

test("so are the sheets", () => {
  const names = [.../NAMES = \{(.*?)\}/.exec(SOURCE)![1]!.matchAll(/"([^"]+)": "(\w+)"/g)];
  expect(names.map((m) => sheetName("zh", m[2]!))).toEqual(names.map((m) => `${m[1]}（${m[2]}）`));
  expect(names).toHaveLength(3);
});

test("what the template has not keeps its own name", () => {
  expect([sheetName("zh", "Tabelle1"), columnName("zh", "users", "J"), columnName("zh", "Tabelle1", "login")]).toEqual(["Tabelle1", "J", "login"]);
});
