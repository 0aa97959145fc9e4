import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import en from "./en.json" with { type: "json" };
import zh from "./zh.json" with { type: "json" };
import { firstLang, wordsOf } from "./index.ts";

const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!).sort();

describe("words", () => {
  it("are the same in both languages, with the same holes", () => {
    expect(Object.keys(en)).toEqual(Object.keys(zh));
    expect(Object.keys(zh).length).toBeGreaterThan(200);
    for (const [key, text] of Object.entries(zh)) expect(holes(en[key as keyof typeof en]), key).toEqual(holes(text));
  });

  it("are written in their language", () => {
    for (const [key, text] of Object.entries(en)) expect(/[\u4e00-\u9fff]/.test(text), key).toBe(false);
    for (const [key, text] of Object.entries(zh)) expect(/[\u4e00-\u9fff]/.test(text), key).toBe(true);
  });

  it("are all used", () => {
    const folder = new URL("../command/", import.meta.url);
    const source = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((f) => /\.tsx?$/.test(f))
      .map((f) => readFileSync(new URL(f, folder), "utf8"))
      .join("\n");
    const stems = [...source.matchAll(/`([\w.]+)\.\$\{/g), ...source.matchAll(/names\("(\w+)"/g)].map((m) => `${m[1]}.`);
    const unused = Object.keys(zh).filter((k) => !source.includes(`"${k}"`) && !stems.some((s) => k.startsWith(s)));
    expect(unused).toEqual([]);
  });

  it("stand between signs of their language", () => {
    const [zh, en] = [wordsOf("zh"), wordsOf("en")];
    expect(zh.list(["潜水", "拖带"]) + zh.colon + zh.semicolon).toBe("潜水、拖带：；"); // GB/T 15834, of full width
    expect(en.list(["diving", "towing"]) + en.colon).toBe("diving, towing: ");
  });

  it("fill holes", () => {
    expect(wordsOf("en")("alerts.open", { n: 3 })).toBe("3 to answer");
  });

  it("are said of one as of several", () => {
    expect(wordsOf("en")("grant.persons", { n: 1 })).toBe("1 person");
    expect(wordsOf("en")("grant.persons", { n: 2 })).toBe("2 persons");
    expect(wordsOf("zh")("grant.persons", { n: 1 })).toBe("1 人");
    const plain = Object.entries(en).filter(([, text]) => /\{n\} (persons|faults|links|accesses|positions|targets|feeds|roles|tiers|entries|rows)\b/.test(text));
    expect(plain).toEqual([]);
  });

  it("start in Chinese unless the browser asks for English first", () => {
    expect(firstLang(["zh-CN", "en"])).toBe("zh");
    expect(firstLang(["en-US", "zh"])).toBe("en");
    expect(firstLang(["fr-FR"])).toBe("zh");
    expect(firstLang(["fr-FR", "en"])).toBe("en");
  });
});
