import { useStore } from "../../command/state/store.ts";
import { phone } from "../store/state.ts";
import en from "./en.json" with { type: "json" };
import zh from "./zh.json" with { type: "json" };

export type Word = keyof typeof zh;
export type Words = (key: Word, values?: Record<string, string | number>) => string;

const WORDS: Record<"zh" | "en", Record<string, string>> = { zh, en };

export function wordsOf(lang: "zh" | "en"): Words {
  return (key, values = {}) =>
    WORDS[lang][key]!.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? `{${name}}`));
}

export function useWords(): Words {
  return wordsOf(useStore(phone, (s) => s.lang));
}
