import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import en from "../../../words/en.json" with { type: "json" };
import zh from "../../../words/zh.json" with { type: "json" };

const SOURCE = new URL("../../../../src/littoral/", import.meta.url);

/** The server's modules by file. */
function modules(): [string, string][] {
  return ["api", "store", "engine", "cli"]
    .flatMap((part) => readdirSync(new URL(`${part}/`, SOURCE), { recursive: true, encoding: "utf8" }).map((f) => `${part}/${f}`))
    .filter((f) => f.endsWith(".py"))
    .map((f) => [f, readFileSync(new URL(f, SOURCE), "utf8")]);
}

const CALL = /\b_?(?:tell|Event|[eE]ntry|deny)\(/.source;

/** What the server's code tells the log, by the name that it gives it there. */
function told(): string[] {
  const text = modules().map(([, t]) => t).join("\n");
  const calls = text.matchAll(new RegExp(`${CALL}\\s*(?:[\\w.]+,\\s*|f?"\\w+:[^"]*",\\s*)*"(\\w+\\.\\w+)"([^,)]*"(\\w+\\.\\w+)")?`, "g"));
  const found = [...calls].flatMap((m) => [m[1]!, ...(m[3] ? [m[3]] : [])]);
  const words = readFileSync(new URL("access/words.py", SOURCE), "utf8").match(/ACTIONS = \(([^)]*)\)/)![1]!;
  return [...new Set([...found, ...byConstants(), ...[...words.matchAll(/"([\w.]+)"/g)].map((m) => m[1]!), "guard.refused"])];
}

/** What it tells by a constant: of the module itself, imported by its name, or by its module's. */
function byConstants(): string[] {
  const all = modules();
  const constants = new Map(all.map(([file, text]) => [file.match(/(\w+)(?:\/__init__)?\.py$/)![1]! + "\n" + file, constantsOf(text)]));
  const of = (module: string, name: string): string[] =>
    [...constants].flatMap(([key, known]) => (key.startsWith(`${module}\n`) && known.has(name) ? [known.get(name)!] : []));
  return all.flatMap(([, text]) => {
    const own = constantsOf(text);
    const imported = new Map([...text.matchAll(/^from [\w.]*?(\w+) import (?:\(([^)]*)\)|(.*))$/gm)].flatMap((m) => (m[2] ?? m[3]!).split(",").map((n) => [n.trim(), m[1]!] as const)));
    return [...text.matchAll(new RegExp(`${CALL}((?:[^()]|\\(\\))*)`, "g"))]
      .flatMap((m) => m[1]!.split(","))
      .map((argument) => argument.trim().match(/^(?:(\w+)\.)?([A-Z][A-Z_]*)$/))
      .flatMap((m) => (!m ? [] : m[1] ? of(m[1], m[2]!) : own.has(m[2]!) ? [own.get(m[2]!)!] : of(imported.get(m[2]!) ?? "", m[2]!)));
  });
}

/** Constants of a module that can be names of acts. */
function constantsOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, names, values] of text.matchAll(/^([A-Z][A-Z_]*(?:, [A-Z][A-Z_]*)*) = (".*)$/gm)) {
    const said = [...values!.matchAll(/"([^"]*)"/g)].map((m) => m[1]!);
    names!.split(", ").forEach((name, at) => /^\w+\.\w+$/.test(said[at] ?? "") && found.set(name, said[at]!));
  }
  return found;
}

test("every act in the log has a word in both languages", () => {
  const acts = told();
  expect(acts).toEqual(expect.arrayContaining(["account.totp", "signin.failure", "policy.load", "case.assign", "account.refuse", "vault.mirror", "retention.pause", "retention.resume"]));
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
