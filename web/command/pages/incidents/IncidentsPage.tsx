import { useEffect, useState } from "react";
import { incidents, type Incident } from "../../../client/incidents.ts";
import { Empty, useNames, useWords } from "../../parts/common.tsx";
import { mine, offered } from "../../state/mine.ts";
import { goPage, route } from "../../state/route.ts";
import { useStore } from "../../state/store.ts";
import { usePages } from "../kit/Pages.tsx";
import { Answer } from "../kit/States.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { IncidentView } from "./IncidentView.tsx";
import { ReportDialog } from "./ReportDialog.tsx";
import { Due } from "./Due.tsx";
import { inOrder, joined } from "./board.ts";

const EVERY_MS = 2000;

/** The board of incidents, live, beside the one that is looked at. */
export default function IncidentsPage() {
  const t = useWords();
  const my = useStore(mine, (s) => s.mine);
  const id = useStore(route, (s) => s.rest);
  const [isReporting, setIsReporting] = useState(false);
  const { all, seen } = useBoard();
  const mayReport = offered(my, "incident.report").length > 0;
  const known = all.data?.find((i) => i.id === id);
  return (
    <div className={id ? "split with-one" : "split"}>
      <section className="list" aria-label={t("incident.list")}>
        <header>
          <h2>{t("page.incidents")}</h2>
          {mayReport && (
            <button type="button" className="main-button" onClick={() => setIsReporting(true)}>{t("incident.new")}</button>
          )}
        </header>
        <Answer of={all} isEmpty={(items) => items.length === 0} empty={t(mayReport ? "incident.none" : "incident.noneYours")}>
          {(items) => <Board items={items} at={id} />}
        </Answer>
      </section>
      <section className="detail" aria-label={t("incident.one")}>
        <a className="back" href="#incidents">{t("task.back")}</a>
        {id ? (
          <IncidentView key={id} id={id} version={known?.version ?? 0} onChanged={seen} />
        ) : (
          <Empty>{t("incident.choose")}</Empty>
        )}
      </section>
      {isReporting && (
        <ReportDialog
          onClose={() => setIsReporting(false)}
          onMade={(made) => {
            seen(made);
            goPage("incidents", made.id);
          }}
        />
      )}
    </div>
  );
}

/** All of them once, then what has changed since, every two seconds while the page is looked at. */
function useBoard() {
  const first = useAsk(async () => (await incidents.list("")).items, []);
  const [later, setLater] = useState<Incident[]>([]);
  const items = first.data === null ? null : joined(first.data, later);
  const newest = items?.reduce((top, i) => Math.max(top, i.seq), 0);
  useEffect(() => {
    if (newest === undefined) return;
    const timer = setInterval(() => {
      if (document.hidden) return;
      incidents.since(newest).then(
        (page) => page.items.length > 0 && setLater((before) => joined(before, page.items)),
        () => undefined, // the bar says that the server is out of reach; the next time may do
      );
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [newest]);
  return { all: { ...first, data: items }, seen: (one: Incident) => setLater((before) => joined(before, [one])) };
}

type Which = "open" | "closed" | "all";

function Board({ items, at }: { items: Incident[]; at: string }) {
  const t = useWords();
  const names = useNames();
  const [which, setWhich] = useState<Which>("open");
  const [text, setText] = useState("");
  const wanted = text.trim().toLocaleLowerCase();
  const fit = inOrder(items).filter(
    (i) =>
      i.merged_into === "" &&
      (which === "all" || (i.state === "closed") === (which === "closed")) &&
      `${i.code} ${i.title}`.toLocaleLowerCase().includes(wanted),
  );
  const { shown, pager } = usePages(fit);
  return (
    <>
      <div className="sieve">
        <input type="search" aria-label={t("incident.filter")} placeholder={t("incident.filter")} value={text} onChange={(e) => setText(e.target.value)} />
        <select aria-label={t("case.which")} value={which} onChange={(e) => setWhich(e.target.value as Which)}>
          {(["open", "closed", "all"] as const).map((w) => <option key={w} value={w}>{t(`case.which.${w}`)}</option>)}
        </select>
      </div>
      {fit.length === 0 && <Empty>{t("incident.noneFit")}</Empty>}
      <ul className="rows">
        {shown.map((i) => (
          <li key={i.id}>
            <a href={`#incidents/${i.id}`} aria-current={i.id === at ? "true" : undefined}>
              <b>{i.erased && !i.title ? t("incident.erased") : i.title}</b>
              <span className="tags">
                <span className={`tag severity ${i.severity}`}>{names("severity", i.severity)}</span>
                <span className="tag">{names("incidentType", i.type)}</span>
                <span className="tag strong">{names("incidentState", i.state)}</span>
                <Due of={i} />
              </span>
              <small>{i.code}</small>
            </a>
          </li>
        ))}
      </ul>
      {pager}
    </>
  );
}
