import type { Incident } from "../../../client/incidents.ts";
import { useNames, useWords } from "../../parts/common.tsx";
import { Due } from "./Due.tsx";

/** An incident in a list, and the way to it. */
export function IncidentLink({ of, isAt = false }: { of: Incident; isAt?: boolean }) {
  const t = useWords();
  const names = useNames();
  return (
    <a href={`#incidents/${of.id}`} aria-current={isAt ? "true" : undefined}>
      <b>{of.erased && !of.title ? t("incident.erased") : of.title}</b>
      <span className="tags">
        <span className={`tag severity ${of.severity}`}>{names("severity", of.severity)}</span>
        <span className="tag">{names("incidentType", of.type)}</span>
        <span className="tag strong">{names("incidentState", of.state)}</span>
        <Due of={of} />
      </span>
      <small>{of.code}</small>
    </a>
  );
}
