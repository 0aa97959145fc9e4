import { useState } from "react";
import { incidents, type Incident, type IncidentType, type Severity } from "../../../client/incidents.ts";
import { Field, useNames, useWords } from "../../parts/common.tsx";
import { FormDialog } from "../kit/FormDialog.tsx";

export const TYPES: IncidentType[] = [
  "smuggling", "rescue", "collision", "fire", "storm", "landing", "epidemic", "pollution", "neighbourhood", "other",
];
export const SEVERITIES: Severity[] = ["ordinary", "serious", "major", "extreme"];

/** A report by hand: of a call, a bulletin, of what the watch sees. */
export function ReportDialog({ onClose, onMade }: { onClose: () => void; onMade: (made: Incident) => void }) {
  const t = useWords();
  const names = useNames();
  const [id] = useState(incidents.newId); // the same when it is sent again
  const [title, setTitle] = useState("");
  const [type, setType] = useState<IncidentType>("rescue");
  const [severity, setSeverity] = useState<Severity>("ordinary");
  const [lat, setLat] = useState("");
  const [lon, setLon] = useState("");
  const isPlaced = lat.trim() !== "" || lon.trim() !== "";
  return (
    <FormDialog
      title={t("incident.new")}
      submit={t("incident.make")}
      isReady={title.trim() !== ""}
      work={async () =>
        onMade(
          await incidents.report(id, {
            title: title.trim(), type, severity,
            ...(isPlaced ? { lon: Number(lon), lat: Number(lat) } : {}),
          }),
        )}
      onClose={onClose}
    >
      <Field label={t("incident.title")}>
        <input value={title} required maxLength={400} autoComplete="off" onChange={(e) => setTitle(e.target.value)} />
      </Field>
      <Field label={t("incident.type")}>
        <select value={type} onChange={(e) => setType(e.target.value as IncidentType)}>
          {TYPES.map((x) => <option key={x} value={x}>{names("incidentType", x)}</option>)}
        </select>
      </Field>
      <Field label={t("incident.severity")}>
        <select value={severity} onChange={(e) => setSeverity(e.target.value as Severity)}>
          {SEVERITIES.map((x) => <option key={x} value={x}>{names("severity", x)}</option>)}
        </select>
      </Field>
      <div className="pair">
        <Field label={t("incident.lat")}>
          <input inputMode="decimal" value={lat} placeholder="20.05" onChange={(e) => setLat(e.target.value)} />
        </Field>
        <Field label={t("incident.lon")}>
          <input inputMode="decimal" value={lon} placeholder="110.30" onChange={(e) => setLon(e.target.value)} />
        </Field>
      </div>
      <p className="note">{t("incident.new.note")}</p>
    </FormDialog>
  );
}
