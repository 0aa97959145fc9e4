import { useState } from "react";
import type { Incident } from "../../../client/incidents.ts";
import { useIncidents } from "../../boards/useIncidents.ts";
import { Empty, useWords } from "../../parts/common.tsx";
import { mine, offered } from "../../state/mine.ts";
import { goPage, route } from "../../state/route.ts";
import { useStore } from "../../state/store.ts";
import { Excel } from "../kit/Excel.tsx";
import { usePages } from "../kit/Pages.tsx";
import { Answer } from "../kit/States.tsx";
import { IncidentView } from "./IncidentView.tsx";
import { ReportDialog } from "./ReportDialog.tsx";
import { IncidentLink } from "./IncidentLink.tsx";
import { inOrder } from "./board.ts";

/** The board of incidents, live, beside the one that is looked at. */
export default function IncidentsPage() {
  const t = useWords();
  const my = useStore(mine, (s) => s.mine);
  const id = useStore(route, (s) => s.rest);
  const [isReporting, setIsReporting] = useState(false);
  const { all, seen } = useIncidents();
  const mayReport = offered(my, "incident.report").length > 0;
  const known = all.data?.find((i) => i.id === id);
  return (
    <div className={id ? "split with-one" : "split"}>
      <section className="list" aria-label={t("incident.list")}>
        <header>
          <h2>{t("page.incidents")}</h2>
          <Excel path="/incidents" />
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

type Which = "open" | "closed" | "all";

function Board({ items, at }: { items: Incident[]; at: string }) {
  const t = useWords();
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
          <li key={i.id}><IncidentLink of={i} isAt={i.id === at} /></li>
        ))}
      </ul>
      {pager}
    </>
  );
}
