import type { IncidentType, Severity } from "../../client/incidents.ts";
import type { Alert } from "../../client/types.ts";
import { app } from "../state/app.ts";
import { useStore } from "../state/store.ts";
import { Became } from "./Became.tsx";

// What an alert of a rule is taken for at first; whoever accepts it knows better.
const TYPE: Record<string, IncidentType> = { distress: "rescue", collision: "collision", encounter: "smuggling", gap: "smuggling", identity: "smuggling" };
const SEVERITY: Record<number, Severity> = { 1: "major", 2: "serious" };

export function AlertIncidents({ alert }: { alert: Alert }) {
  const lang = useStore(app, (s) => s.lang);
  return (
    <Became
      kind="alert" of={alert.id} make="incident.fromAlert"
      report={{
        type: TYPE[alert.rule] ?? "other", severity: SEVERITY[alert.priority] ?? "ordinary", title: alert.sentence[lang],
        lon: alert.lon, lat: alert.lat,
      }}
    />
  );
}
