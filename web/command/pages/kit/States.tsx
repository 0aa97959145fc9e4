import type { ReactNode } from "react";
import { Empty, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { saidOf } from "../../state/report.ts";
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
      <span>{remedy}</span>
      {onRetry && <button type="button" onClick={onRetry}>{t("page.again")}</button>}
    </div>
  );
}

/** What was asked for: the wait, the refusal, or the answer; `empty` where the answer holds nothing. */
export function Answer<T>({ of, empty, isEmpty, children }: {
  of: Asked<T>;
  empty?: ReactNode;
  isEmpty?: (data: T) => boolean;
  children: (data: T) => ReactNode;
}) {
  if (of.data === null) return of.error ? <Wrong error={of.error} onRetry={() => void of.reload()} /> : <Loading />;
  return (
    <>
      {of.error !== null && <Wrong error={of.error} onRetry={() => void of.reload()} />}
      {isEmpty?.(of.data) ? <Empty>{empty}</Empty> : children(of.data)}
    </>
  );
}
