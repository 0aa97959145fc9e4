import { useState, type ReactNode } from "react";
import { useWords } from "../../parts/common.tsx";

const PAGE = 50;

export interface Paged<T> {
  shown: T[];
  pager: ReactNode;
}

/** So many rows at a time: a list never grows beyond what a person reads. */
export function usePages<T>(rows: readonly T[], size = PAGE): Paged<T> {
  const t = useWords();
  const [wanted, setAt] = useState(0);
  const last = Math.max(0, Math.ceil(rows.length / size) - 1);
  const at = Math.min(wanted, last);
  const from = at * size;
  const pager = rows.length > size && (
    <div className="pager" role="group" aria-label={t("pages.label")}>
      <button type="button" disabled={at === 0} onClick={() => setAt(at - 1)}>{t("pages.before")}</button>
      <span>{t("pages.at", { from: from + 1, to: Math.min(rows.length, from + size), n: rows.length })}</span>
      <button type="button" disabled={at === last} onClick={() => setAt(at + 1)}>{t("pages.after")}</button>
    </div>
  );
  return { shown: rows.slice(from, from + size), pager };
}
