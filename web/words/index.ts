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

/** Signs between words: Chinese has its own, of full width. */
const SIGNS: Record<Lang, { colon: string; semicolon: string; comma: string }> = {
  zh: { colon: "：", semicolon: "；", comma: "、" },
  en: { colon: ": ", semicolon: "; ", comma: ", " },
};

export interface Words {
  (key: Word, values?: Record<string, string | number>): string;
  /** Between what something is and what is said of it. */
  colon: string;
  semicolon: string;
  /** Names one after another. */
  list: (names: readonly string[]) => string;
}

const words = (lang: Lang): Words =>
  Object.assign(
    (key: Word, values: Record<string, string | number> = {}): string =>
      WORDS[lang][key]!
        .replace(PLURAL, (_, name: string, one: string, many: string) => (Number(values[name]) === 1 ? one : many))
        .replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? `{${name}}`)),
    { ...SIGNS[lang], list: (names: readonly string[]) => names.join(SIGNS[lang].comma) },
  );
const OF: Record<Lang, Words> = { zh: words("zh"), en: words("en") };

export const wordsOf = (lang: Lang): Words => OF[lang];

/** A word for a name that the server gave, or the name itself. */
export function wordOr(lang: Lang, key: string, fallback: string): string {
  return WORDS[lang][key] ?? fallback;
}
