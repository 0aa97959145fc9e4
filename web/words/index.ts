import en from "./en.json" with { type: "json" };
import zh from "./zh.json" with { type: "json" };

export type Lang = "zh" | "en";
export type Word = keyof typeof zh;

const WORDS: Record<Lang, Record<string, string>> = { zh, en };

/** Chinese, unless the browser asks for another language before Chinese. */
export function firstLang(languages: readonly string[]): Lang {
  const known = languages.find((l) => /^(zh|en)\b/i.test(l));
  return known === undefined || /^zh/i.test(known) ? "zh" : "en";
}

/** `{n:person|persons}` is the first for one, else the second. */
const PLURAL = /\{(\w+):([^|}]*)\|([^}]*)\}/g;

export type Words = (key: Word, values?: Record<string, string | number>) => string;

export function wordsOf(lang: Lang): Words {
  return (key, values = {}) =>
    WORDS[lang][key]!
      .replace(PLURAL, (_, name: string, one: string, many: string) => (Number(values[name]) === 1 ? one : many))
      .replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? `{${name}}`));
}

/** A word for a name that the server gave, or the name itself. */
export function wordOr(lang: Lang, key: string, fallback: string): string {
  return WORDS[lang][key] ?? fallback;
}
