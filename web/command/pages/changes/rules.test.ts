import { expect, test } from "vitest";
import { lineDifference, ruleFiles } from "./rules.ts";

const rule = (id: string, file: string, en: string, zh = "规则") => ({ id, file, en, zh, effect: "permit" as const, text: `@id("${id}")\npermit (principal, action, resource);` });
const RULES = [rule("a.read", "a.cedar", "An officer reads."), rule("a.write", "a.cedar", "A lead writes.", "值班长可修改。"), rule("b.read", "b.cedar", "A lead reads.")];

test("rules stand by file, in their order; each word that is typed narrows them", () => {
  const ids = (typed: string) => ruleFiles(RULES, typed).map((f) => [f.file, ...f.rules.map((r) => r.id)]);
  expect(ids("")).toEqual([["a.cedar", "a.read", "a.write"], ["b.cedar", "b.read"]]);
  expect(ids("LEAD reads")).toEqual([["b.cedar", "b.read"]]);
  expect(ids("值班长")).toEqual([["a.cedar", "a.write"]]);
  expect(ids('@id("a')).toEqual([["a.cedar", "a.read", "a.write"]]);
  expect(ids("nobody")).toEqual([]);
});

test("a changed line is told as gone and come, the rest stays", () => {
  const told = (before: string, after: string) => lineDifference(before, after).map((l) => l.mark + l.text);
  expect(told("one\ntwo\nthree", "one\n2\nthree")).toEqual([" one", "-two", "+2", " three"]);
  expect(told("one\ntwo", "one\ntwo\nthree")).toEqual([" one", " two", "+three"]);
  expect(told("", "one")).toEqual(["+one"]);
  expect(told("one", "")).toEqual(["-one"]);
  expect(told("same", "same")).toEqual([" same"]);
});
