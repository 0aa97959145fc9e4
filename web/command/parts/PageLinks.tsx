import { mine } from "../state/mine.ts";
import { addressOf, route } from "../state/route.ts";
import { useStore } from "../state/store.ts";
import { useWords } from "./common.tsx";

/** The pages that open to whoever has signed in; nothing where there is but one. */
export function PageLinks() {
  const t = useWords();
  const pages = useStore(mine, (s) => s.mine?.pages);
  const now = useStore(route, (s) => s.page) ?? pages?.[0];
  if (!pages || pages.length < 2) return null;
  return (
    <nav className="page-links" aria-label={t("page.label")}>
      {pages.map((page) => (
        <a key={page} href={addressOf(page)} aria-current={page === now ? "page" : undefined}>{t(`page.${page}`)}</a>
      ))}
    </nav>
  );
}
