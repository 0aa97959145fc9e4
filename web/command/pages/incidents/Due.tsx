import type { Incident } from "../../../client/incidents.ts";
import { useWords } from "../../parts/common.tsx";
import { countdown, useSecondsUntil } from "../kit/When.tsx";

/** How long there is left for the next step, or how many tiers up it has gone. */
export function Due({ of }: { of: Incident }) {
  return of.due ? <Left at={of.due.at} rung={of.due.rung} /> : null;
}

function Left({ at, rung }: { at: string; rung: number }) {
  const t = useWords();
  const seconds = useSecondsUntil(at);
  if (seconds > 0) return <span className="tag">{t("incident.due", { left: countdown(seconds) })}</span>;
  return <span className="tag late">{rung > 1 ? t("incident.lateUp", { n: rung }) : t("incident.late")}</span>;
}
