import { ApiError } from "../../client/http.ts";
import { wordOr, wordsOf, type Lang } from "../../words/index.ts";
import { app, toast } from "./app.ts";

/** What went wrong, in words, and what can be done about it. */
export interface Said {
  text: string;
  remedy: string;
}

/** A refusal comes with the sentence of the rule that refused, or with a code of the vault's own rules. */
export function saidOf(error: unknown, lang: Lang): Said {
  const t = wordsOf(lang);
  if (!(error instanceof ApiError)) {
    return { text: String(error instanceof Error ? error.message : error), remedy: t("error.other.remedy") };
  }
  const { status, title, reason, code, needs, errors, holds } = error.problem;
  if (status === 0) return { text: t("error.unreachable"), remedy: t("error.unreachable.remedy") };
  if (needs === "sign_in") return { text: t("error.signInAgain"), remedy: t("error.signInAgain.remedy") };
  if (reason && holds) {
    return { text: reason[lang], remedy: t("error.held.remedy", { documents: holds.map((h) => h.document).join(lang === "zh" ? "、" : ", ") }) };
  }
  if (reason) return { text: reason[lang], remedy: t("error.forbidden.remedy") };
  if (code) return { text: wordOr(lang, `denied.${code}`, error.message), remedy: t("error.refused.remedy") };
  if (status === 500) return { text: t("error.server"), remedy: t("error.other.remedy") };
  const fields = errors?.map((e) => `${e.field}: ${e.message}`).join("; ");
  return { text: `${title}: ${fields || error.message}`, remedy: t("error.refused.remedy") };
}

/** What an error means to the officer. */
export function report(error: unknown): void {
  toast({ tone: "error", ...saidOf(error, app.get().lang) });
}
