import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import en from "../../../words/en.json" with { type: "json" };
import zh from "../../../words/zh.json" with { type: "json" };

const SOURCE = new URL("../../../../src/littoral/", import.meta.url);

/** What the server's code tells the log, by the name that it gives it there. */
function told(): string[] {
  const text = ["api", "store", "engine", "cli"]
    .flatMap((part) => readdirSync(new URL(`${part}/`, SOURCE), { recursive: true, encoding: "utf8" }).map((f) => `${part}/${f}`))
    .filter((f) => f.endsWith(".py"))
    .map((f) => readFileSync(new URL(f, SOURCE), "utf8"))
    .join("\n");
  const calls = text.matchAll(/\b(?:tell|Event|entry|deny)\(\s*(?:[\w.]+,\s*|f?"\w+:[^"]*",\s*)*"(\w+\.\w+)"([^,)]*"(\w+\.\w+)")?/g);
  const found = [...calls].flatMap((m) => [m[1]!, ...(m[3] ? [m[3]] : [])]);
  const words = readFileSync(new URL("access/words.py", SOURCE), "utf8").match(/ACTIONS = \(([^)]*)\)/)![1]!;
  return [...new Set([...found, ...[...words.matchAll(/"([\w.]+)"/g)].map((m) => m[1]!), "guard.refused"])];
}

test("every act in the log has a word in both languages", () => {
  const acts = told();
  expect(acts).toEqual(expect.arrayContaining(["account.totp", "signin.failure", "policy.load", "case.assign", "account.refuse"]));
  expect(acts.filter((a) => !(`act.${a}` in en) || !(`act.${a}` in zh))).toEqual([]);
});

/** Kinds of what a decision is about, as a refusal stands in the log. */
function kinds(): string[] {
  const text = readdirSync(new URL("api/", SOURCE), { recursive: true, encoding: "utf8" })
    .filter((f) => f.endsWith(".py"))
    .map((f) => readFileSync(new URL(`api/${f}`, SOURCE), "utf8"))
    .join("\n");
  const found = [...text.matchAll(/\bof_(?:the_province|unit|case)\((?:gate, )?"(\w+)"/g), ...text.matchAll(/\bresource\([^)]*kind="(\w+)"/g), ...text.matchAll(/kind="(\w+)" if [^"]* else "(\w+)"/g)];
  return [...new Set(found.flatMap((m) => m.slice(1).filter(Boolean)))];
}

test("every kind of thing in the log has a word in both languages", () => {
  const all = kinds();
  expect(all).toEqual(expect.arrayContaining(["case", "case_sharing", "sharing", "incident"]));
  expect(all.filter((k) => !(`thing.${k}` in en) || !(`thing.${k}` in zh))).toEqual([]);
});
