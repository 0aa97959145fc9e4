import { FILE_CHANGED } from "../../client/files.ts";
import { ApiError } from "../../client/http.ts";
import { wordOr, wordsOf, type Lang, type Word } from "../../words/index.ts";
import { fieldName, sentence } from "./said.ts";

/** What went wrong, in words, and what can be done about it; empty where the text says that itself. */
export interface Said {
  text: string;
  remedy: string;
}

/** Something on the page is to be done first; nothing was sent. */
export class NotYet extends Error {}

const PROBLEMS: Record<number, Word> = {
  400: "problem.invalid", 401: "problem.signIn", 403: "problem.forbidden", 404: "problem.notFound", 409: "problem.changed",
  410: "problem.gone", 412: "problem.changed", 413: "problem.tooLarge", 415: "problem.kind", 422: "problem.invalid",
  423: "problem.busy", 429: "problem.tooMany", 503: "problem.busy",
};

/** A refusal comes with the sentence of the rule that refused, or with a code of the vault's own rules. */
export function saidOf(error: unknown, lang: Lang): Said {
  const t = wordsOf(lang);
  if (error instanceof NotYet) return { text: error.message, remedy: "" };
  if (!(error instanceof ApiError)) {
    return { text: String(error instanceof Error ? error.message : error), remedy: t("error.other.remedy") };
  }
  const { status, reason, code, needs, holds } = error.problem;
  if (status === 0 && error.problem.title === FILE_CHANGED) return { text: t("error.fileChanged"), remedy: t("error.fileChanged.remedy") };
  if (status === 0) return { text: t("error.unreachable"), remedy: t("error.unreachable.remedy") };
  if (needs === "sign_in") return { text: t("error.signInAgain"), remedy: t("error.signInAgain.remedy") };
  if (reason && holds) {
    return { text: reason[lang], remedy: t("error.held.remedy", { documents: holds.map((h) => h.document).join(lang === "zh" ? "、" : ", ") }) };
  }
  if (reason) return { text: reason[lang], remedy: t("error.forbidden.remedy") };
  if (code) return { text: wordOr(lang, `denied.${code}`, error.message), remedy: t("error.refused.remedy") };
  if (status === 500) return { text: t("error.server"), remedy: t("error.other.remedy") };
  return told(error, lang);
}

/** What the server says to what was filled in, by field; a sentence for which there are no words is quoted beside the remedy. */
function told(error: ApiError, lang: Lang): Said {
  const t = wordsOf(lang);
  const { status, errors } = error.problem;
  const what = t(PROBLEMS[status] ?? "problem.other");
  const parts = errors?.length ? errors.map((e) => ({ field: e.field, said: e.message })) : [{ field: "", said: error.message }];
  const unknown = parts.filter((p) => sentence(lang, p.said) === null).map((p) => p.said);
  const shown = parts
    .map(({ field, said }) => {
      const name = field === "" || field === "body" ? "" : fieldName(lang, field);
      return [name, sentence(lang, said)].filter(Boolean).join(lang === "zh" ? "：" : ": ");
    })
    .filter(Boolean)
    .join(lang === "zh" ? "" : "; ");
  const remedy = t(REMEDIES[status] ?? "error.refused.remedy");
  return {
    text: shown ? `${what}${lang === "zh" ? "：" : ": "}${shown}` : what,
    remedy: unknown.length ? `${remedy} ${t("error.serverSays", { text: unknown.join("; ") })}` : remedy,
  };
}

const REMEDIES: Record<number, Word> = {
  401: "error.signInAgain.remedy", 403: "error.forbidden.remedy", 404: "error.changed.remedy", 409: "error.changed.remedy", 410: "error.changed.remedy",
  412: "error.changed.remedy", 423: "error.later.remedy", 429: "error.later.remedy", 503: "error.later.remedy",
};
