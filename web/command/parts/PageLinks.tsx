import { mine } from "../state/mine.ts";
import { addressOf, route, type PageName } from "../state/route.ts";
import { useStore } from "../state/store.ts";
import { useWords } from "./common.tsx";

/** Pages of the past lead to one another: in the bar one sign stands for them, as it has no room for three words. */
const PAST: readonly PageName[] = ["past", "ask", "figures"];

/** The pages that open to whoever has signed in; nothing where there is but one. */
export function PageLinks() {
  const t = useWords();
  const pages = useStore(mine, (s) => s.mine?.pages);
  const now = useStore(route, (s) => s.page) ?? pages?.[0];
  if (!pages || pages.length < 2) return null;
  return (
    <nav className="page-links" aria-label={t("page.label")}>
      {pages.filter((page) => !PAST.includes(page)).map((page) => (
        <a key={page} href={addressOf(page)} aria-current={page === now ? "page" : undefined}>{t(`page.${page}`)}</a>
      ))}
      {pages.includes("past") && (
        <a href={addressOf("past")} className="of-past" aria-label={t("page.ofPast")} title={t("page.ofPast")} aria-current={now && PAST.includes(now) ? "page" : undefined}>↺</a>
      )}
    </nav>
  );
}

/** From one page of the past to the others. */
export function PastLinks() {
  const t = useWords();
  const now = useStore(route, (s) => s.page);
  return (
    <nav className="past-links" aria-label={t("page.ofPast")}>
      {PAST.map((page) => (
        <a key={page} href={addressOf(page)} aria-current={page === now ? "page" : undefined}>{t(`page.${page}`)}</a>
      ))}
    </nav>
  );
}
