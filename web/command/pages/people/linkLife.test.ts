import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isDoor, LINK_LIFE } from "./linkLife.ts";

const source = (path: string): string => readFileSync(new URL(`../../../../src/littoral/${path}`, import.meta.url), "utf8");

test("links are said to last as long as the server lets them", () => {
  const lives = /^LIFE_S = \{(.*)\}$/m.exec(source("store/people/links.py"))![1]!;
  const days = /INVITATION: (\d+) \* 86_400\.0/.exec(lives)![1];
  const seconds = /RESET: ([\d_]+)\.0/.exec(lives)![1]!.replaceAll("_", "");
  expect([Number(days), Number(seconds) / 3600]).toEqual([LINK_LIFE.days, LINK_LIFE.hours]);
});

test("a link opens an account, a key does not", () => {
  const way = /^WAY = "([^"]+)"/m.exec(source("api/people/users.py"))![1];
  expect(isDoor(`https://coast.example${way}abc`)).toBe(true);
  expect(isDoor("lk_abc.def")).toBe(false);
});
