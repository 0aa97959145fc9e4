import { lazy, Suspense, useEffect, useRef, type ComponentType } from "react";
import { BulletinStrip } from "../parts/BulletinStrip.tsx";
import { WallClocks } from "../parts/Clocks.tsx";
import { Toasts } from "../parts/Toasts.tsx";
import { TopBar } from "../parts/TopBar.tsx";
import { wordsOf } from "../../words/index.ts";
import { Empty, useWords } from "../parts/common.tsx";
import { app } from "../state/app.ts";
import { mine } from "../state/mine.ts";
import type { PageName } from "../state/route.ts";
import { useStore } from "../state/store.ts";
import { Loading } from "./kit/States.tsx";

type DeskPage = Exclude<PageName, "map">;

const PAGES: Record<DeskPage, ComponentType> = {
  incidents: lazy(() => import("./incidents/IncidentsPage.tsx")),
  tasks: lazy(() => import("./tasks/TasksPage.tsx")),
  cases: lazy(() => import("./cases/CasesPage.tsx")),
  duty: lazy(() => import("./duty/DutyPage.tsx")),
  forms: lazy(() => import("./forms/FormsPage.tsx")),
  changes: lazy(() => import("./changes/ChangesPage.tsx")),
  oversight: lazy(() => import("./oversight/OversightPage.tsx")),
  people: lazy(() => import("./people/PeoplePage.tsx")),
  bulletins: lazy(() => import("./bulletins/BulletinsPage.tsx")),
  past: lazy(() => import("./past/PastPage.tsx")),
  ask: lazy(() => import("./ask/AskPage.tsx")),
  figures: lazy(() => import("./figures/FiguresPage.tsx")),
};

/** How the policies stand, where that is not as it should be: every page says so. */
function Standing() {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const policies = useStore(mine, (s) => s.mine?.policies);
  if (!policies || policies.state === "signed") return null;
  const until = policies.expires?.slice(0, 10) ?? "";
  return (
    <p className="standing" role="status">
      <b>{policies.state === "first_start" ? t("banner.firstStart") : policies[lang]}</b>
      {until && <span>{t("banner.firstStart.text", { until })}</span>}
    </p>
  );
}

/** A page beside the map: bar, how the policies stand, and what the page itself shows. */
export default function Desk({ page }: { page: DeskPage }) {
  const t = useWords();
  const main = useRef<HTMLElement>(null);
  const Shown = PAGES[page];
  const lang = useStore(app, (s) => s.lang);
  const pages = useStore(mine, (s) => s.mine?.pages);
  useEffect(() => {
    document.title = `Littoral · ${wordsOf(lang)(`page.${page}`)}`;
    return () => void (document.title = "Littoral");
  }, [page, lang]);
  // Whoever reads with the ears hears where they are; what is typed on the page itself keeps the focus.
  useEffect(() => main.current?.focus({ preventScroll: true }), [page]);
  return (
    <div className="desk">
      <TopBar>
        <WallClocks />
      </TopBar>
      <div className="desk-says">
        <Standing />
        <BulletinStrip />
      </div>
      <main ref={main} className="page" tabIndex={-1} aria-label={t(`page.${page}`)}>
        <Suspense fallback={<Loading />}>
          {pages === undefined ? <Loading /> : pages.includes(page) ? <Shown /> : <Empty>{t(pages.length > 0 ? "page.notYours" : "page.noneYet")}</Empty>}
        </Suspense>
      </main>
      <Toasts />
    </div>
  );
}
