import { useState } from "react";
import { incidents, type IncidentType, type Severity } from "../../client/incidents.ts";
import type { Alert } from "../../client/types.ts";
import { Wrong } from "../pages/kit/States.tsx";
import { useAsk, useSend } from "../pages/kit/useAsk.ts";
import { app } from "../state/app.ts";
import { mine, offered } from "../state/mine.ts";
import { addressOf, goPage, route } from "../state/route.ts";
import { useStore } from "../state/store.ts";
import { useNames, useWords } from "./common.tsx";

// What an alert of a rule is taken for at first; whoever accepts it knows better.
const TYPE: Record<string, IncidentType> = { distress: "rescue", collision: "collision", encounter: "smuggling", gap: "smuggling", identity: "smuggling" };
const SEVERITY: Record<number, Severity> = { 1: "major", 2: "serious" };

/** What became of an alert, and one click to make it what people handle. */
export function AlertIncidents({ alert }: { alert: Alert }) {
  const my = useStore(mine, (s) => s.mine);
  return my?.pages.includes("incidents") ? <Found alert={alert} mayReport={offered(my, "incident.report").length > 0} /> : null;
}

function Found({ alert, mayReport }: { alert: Alert; mayReport: boolean }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const [id] = useState(incidents.newId); // the same when it is sent again
  const page = useStore(route, (s) => s.page); // the map stays behind other pages: asked again when it comes back
  const found = useAsk(() => incidents.of("alert", alert.id), [alert.id, page]);
  const sending = useSend();
  const make = () =>
    sending.send(async () => {
      await incidents.report(id, {
        type: TYPE[alert.rule] ?? "other",
        severity: SEVERITY[alert.priority] ?? "ordinary",
        title: alert.sentence[lang],
        lon: alert.lon, lat: alert.lat,
        sources: [{ kind: "alert", ref: alert.id }],
      });
      goPage("incidents", id);
    });
  return (
    <div className="became">
      {found.data?.items.map((i) => (
        <a key={i.id} href={addressOf("incidents", i.id)}>{t("incident.became", { code: i.code, state: names("incidentState", i.state) })}</a>
      ))}
      {mayReport && found.data?.items.length === 0 && (
        <button type="button" disabled={sending.isBusy} onClick={() => void make()}>{t("incident.fromAlert")}</button>
      )}
      <Wrong error={sending.error ?? found.error} />
    </div>
  );
}
