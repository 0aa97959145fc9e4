import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import en from "./en.json" with { type: "json" };
import zh from "./zh.json" with { type: "json" };

const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!).sort();

test("words are the same in both languages, with the same holes, each in its own", () => {
  expect(Object.keys(en)).toEqual(Object.keys(zh));
  expect(Object.keys(zh).length).toBeGreaterThan(100);
  for (const [key, text] of Object.entries(zh)) {
    const other = en[key as keyof typeof en];
    expect(holes(other), key).toEqual(holes(text));
    expect(/[\u4e00-\u9fff]/.test(other), key).toBe(false);
    if (key !== "app.as") expect(/[\u4e00-\u9fff]/.test(text), key).toBe(true);
  }
});

test("all are used", () => {
  const folder = new URL("../", import.meta.url);
  const source = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((f) => /\.tsx?$/.test(f))
    .map((f) => readFileSync(new URL(f, folder), "utf8"))
    .join("\n");
  const stems = [...source.matchAll(/`([\w.]+)\.\$\{/g)].map((m) => `${m[1]}.`);
  expect(Object.keys(zh).filter((k) => !source.includes(`"${k}"`) && !stems.some((s) => k.startsWith(s)))).toEqual([]);
});
