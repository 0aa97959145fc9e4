import type { ReactNode } from "react";
import { ApiError } from "../../../client/http.ts";
import { Empty, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { saidOf } from "../../state/wrong.ts";
import { useStore } from "../../state/store.ts";
import type { Asked } from "./useAsk.ts";

export function Loading() {
  const t = useWords();
  return <p className="empty" role="status">{t("page.loading")}</p>;
}

/** What went wrong, where it went wrong: a refusal is the sentence of the rule that refused. */
export function Wrong({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  if (error === null || error === undefined) return null;
  const { text, remedy } = saidOf(error, lang);
  return (
    <div className="wrong" role="alert">
      <b>{text}</b>
      {remedy && <span>{remedy}</span>}
      {onRetry && <button type="button" onClick={onRetry}>{t("page.again")}</button>}
    </div>
  );
}

/** A rule says no: that is an answer and no fault, and to ask again changes nothing. */
const isRefusal = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.problem.status === 403 && error.problem.reason !== undefined && error.problem.needs === undefined;

function Refused({ error, more }: { error: ApiError; more?: string }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  return (
    <p className="note" role="status">
      {t("page.refused")} {saidOf(error, lang).text} {more}
    </p>
  );
}

/** What was asked for: the wait, the refusal, or the answer; `empty` where the answer holds nothing. */
export function Answer<T>({ of, empty, isEmpty, refused, children }: {
  of: Asked<T>;
  /** What to say beside the rule to whoever may not see it. */
  refused?: string;
  empty?: ReactNode;
  isEmpty?: (data: T) => boolean;
  children: (data: T) => ReactNode;
}) {
  if (of.data === null && isRefusal(of.error)) return <Refused error={of.error} more={refused} />;
  if (of.data === null) return of.error ? <Wrong error={of.error} onRetry={() => void of.reload()} /> : <Loading />;
  return (
    <>
      {of.error !== null && <Wrong error={of.error} onRetry={() => void of.reload()} />}
      {isEmpty?.(of.data) ? <Empty>{empty}</Empty> : children(of.data)}
    </>
  );
}
