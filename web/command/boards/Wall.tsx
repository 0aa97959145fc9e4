import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";
import { EventClocks } from "../parts/Clocks.tsx";
import { PriorityGlyph, useNames, useWords } from "../parts/common.tsx";
import { filterAlerts, NO_FILTER, unanswered } from "../state/alertList.ts";
import { rowsOf } from "../state/alertRows.ts";
import { app, eventMinute } from "../state/app.ts";
import { followLoad, load } from "../state/load.ts";
import { mine } from "../state/mine.ts";
import { useStore } from "../state/store.ts";
import { clock } from "../state/time.ts";
import { LinkState } from "../parts/WatchBar.tsx";
import { DutyBoard } from "./DutyBoard.tsx";
import { IncidentBoard } from "./IncidentBoard.tsx";
import { TaskBoard } from "./TaskBoard.tsx";

const MOST = 5;
const NONE_OPEN: ReadonlySet<string> = new Set();

/** What stands on the wall above the map: what it is, the time, whether it is live. */
export function WallBar() {
  const t = useWords();
  return (
    <header className="topbar">
      <h1>Littoral<small>{t("app.subtitle")}</small></h1>
      <EventClocks />
      <LinkState />
      <span className="note">{t("wall.leave")}</span>
    </header>
  );
}

/** So many of each list as leave room for every board, `MOST` at most; anew when the window changes. */
function useMost(): [box: RefObject<HTMLDivElement | null>, most: number] {
  const box = useRef<HTMLDivElement>(null);
  const [most, setMost] = useState(MOST);
  const fit = (): void => {
    const { scrollHeight, clientHeight } = box.current!;
    if (scrollHeight > clientHeight + 1) setMost((n) => Math.max(1, n - 1));
  };
  useLayoutEffect(fit, [most]); // one fewer may not have made any board smaller
  useEffect(() => {
    const seen = new ResizeObserver(fit);
    for (const board of box.current!.children) seen.observe(board);
    const again = (): void => setMost(MOST);
    addEventListener("resize", again);
    return () => {
      seen.disconnect();
      removeEventListener("resize", again);
    };
  }, []);
  return [box, most];
}

/** All boards, one under the other, the first of each: nobody scrolls a wall. */
export function WallBoards() {
  const [box, most] = useMost();
  const pages = useStore(mine, (s) => s.mine?.pages) ?? [];
  return (
    <div className="boards wall-boards" ref={box}>
      <Alerts most={Math.min(MOST, most + 1)} /> {/* a line each, where the others take several */}
      {pages.includes("incidents") && <IncidentBoard most={most} />}
      {pages.includes("tasks") && <TaskBoard most={most} />}
      {pages.includes("duty") && <DutyBoard />}
    </div>
  );
}

function Alerts({ most }: { most: number }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const zone = useStore(app, (s) => s.settings?.time_zone ?? "UTC");
  const all = useStore(app, (s) => s.alerts);
  const now = useStore(app, eventMinute) * 60_000;
  const flood = useStore(load, (s) => (s.load?.flood ? s.load.ten_minutes.annunciated : 0));
  const open = filterAlerts(all.values(), NO_FILTER, lang, now).filter((a) => unanswered(a, now));
  const rows = rowsOf(open, NONE_OPEN);
  useEffect(followLoad, []);
  return (
    <section className="board-list" aria-label={t("alerts.title")}>
      <header><h2>{t("alerts.title")}</h2><span>{t("alerts.open", { n: open.length })}</span></header>
      <ul className="rows">
        {flood > 0 && <li className="more"><b>{t("load.flood", { n: flood })}</b></li>}
        {rows.slice(0, most).map(({ alert: a, behind }) => (
          <li key={a.id} className={`wall-alert p${a.priority}`}>
            <PriorityGlyph priority={a.priority} />
            <b>{names("kind", a.kind)}{behind > 0 && ` +${behind}`} <time dateTime={a.start}>{clock(Date.parse(a.start), zone)}</time></b>
            <span>{a.sentence[lang]}</span>
          </li>
        ))}
        {rows.length > most && <li className="more">{t("boards.more", { n: rows.length - most })}</li>}
        {open.length === 0 && <li className="more">{t("boards.noAlerts")}</li>}
      </ul>
    </section>
  );
}
