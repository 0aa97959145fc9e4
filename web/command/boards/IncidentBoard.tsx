import type { Incident } from "../../client/incidents.ts";
import { useWords } from "../parts/common.tsx";
import { inOrder } from "../pages/incidents/board.ts";
import { IncidentLink } from "../pages/incidents/IncidentLink.tsx";
import { Answer } from "../pages/kit/States.tsx";
import { useIncidents } from "./useIncidents.ts";

/** Incidents that are open, those overdue first. `most`: a wall has no way to scroll. */
export function IncidentBoard({ most = 100 }: { most?: number }) {
  const t = useWords();
  const { all } = useIncidents();
  const open = all.data === null ? null : inOrder(all.data.filter(isOpen));
  return (
    <section className="board-list" aria-label={t("page.incidents")}>
      <header><h2>{t("page.incidents")}</h2>{open && <span>{open.length}</span>}</header>
      <Answer of={{ ...all, data: open }} isEmpty={(items) => items.length === 0} empty={t("boards.noIncidents")}>
        {(items) => (
          <ul className="rows">
            {items.slice(0, most).map((i) => <li key={i.id}><IncidentLink of={i} /></li>)}
            {items.length > most && <li className="more">{t("boards.more", { n: items.length - most })}</li>}
          </ul>
        )}
      </Answer>
    </section>
  );
}

const isOpen = (i: Incident): boolean => i.state !== "closed" && i.merged_into === "";
