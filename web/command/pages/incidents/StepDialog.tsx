import { useState } from "react";
import { incidents, type Incident, type IncidentDetail, type StepBody } from "../../../client/incidents.ts";
import { people } from "../../../client/people.ts";
import { Field, useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { REASONED, WITH_OTHER, WITH_OUTCOME, WITH_UNIT } from "./board.ts";
import { SEVERITIES, TYPES } from "./ReportDialog.tsx";

const OUTCOMES = ["done", "unfounded", "not_ours", "duplicate", "drill"];
const AGENCIES = [
  "police", "coast_police", "customs", "coast_guard", "border_inspection", "health", "local_government", "maritime",
];

/** One step with what it takes: why, to whom, with what outcome. */
export function StepDialog({ of, kind, onClose, onDone }: {
  of: IncidentDetail;
  kind: string;
  onClose: () => void;
  onDone: (now: Incident) => void;
}) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const [id] = useState(incidents.newId);
  const [body, setBody] = useState<Partial<StepBody>>(
    WITH_OUTCOME.has(kind) ? { outcome: kind === "close" ? "done" : "unfounded" }
    : kind === "leave" ? joint(of.joint_agencies[0])
    : kind === "join" ? { agency: "coast_guard" }
    : kind === "edit" ? { title: of.title, type: of.type, severity: of.severity, lead_agency: of.lead_agency as StepBody["lead_agency"] }
    : {},
  );
  const put = (more: Partial<StepBody>): void => setBody((b) => ({ ...b, ...more }));
  const isMissing =
    (REASONED.has(kind) && !body.reason?.trim()) || (WITH_UNIT.has(kind) && !body.to) || (WITH_OTHER.has(kind) && !body.other);
  return (
    <FormDialog
      title={names("incidentStep", kind)}
      submit={names("incidentStep", kind)}
      isReady={!isMissing}
      work={async () => onDone(await incidents.step(of.id, id, wanted(of, kind, body)))}
      onClose={onClose}
    >
      {WITH_OUTCOME.has(kind) && (
        <Field label={t("incident.outcome")}>
          <select value={body.outcome ?? ""} onChange={(e) => put({ outcome: e.target.value as StepBody["outcome"] })}>
            {OUTCOMES.map((o) => <option key={o} value={o}>{names("outcome", o)}</option>)}
          </select>
        </Field>
      )}
      {WITH_UNIT.has(kind) && <UnitField label={t("incident.unit")} onChange={(to) => put({ to })} />}
      {kind === "join" && (
        <>
          <AgencyField label={t("incident.agency")} value={body.agency} onChange={(agency) => put({ agency })} />
          <UnitField label={t("incident.ofUnit")} onChange={(unit) => put({ unit })} />
        </>
      )}
      {kind === "leave" && (
        <Field label={t("incident.agency")}>
          <select onChange={(e) => put(joint(of.joint_agencies[e.target.selectedIndex]))}>
            {of.joint_agencies.map((j) => (
              <option key={`${j.agency} ${j.unit}`}>{names("agency", j.agency)} · {j.unit_name[lang]}</option>
            ))}
          </select>
        </Field>
      )}
      {WITH_OTHER.has(kind) && <OtherField of={of} kind={kind} onChange={(other) => put({ other })} />}
      {kind === "edit" && (
        <>
          <Field label={t("incident.title")}>
            <input value={body.title ?? ""} required maxLength={400} onChange={(e) => put({ title: e.target.value })} />
          </Field>
          <Field label={t("incident.type")}>
            <select value={body.type ?? ""} onChange={(e) => put({ type: e.target.value as StepBody["type"] })}>
              {TYPES.map((x) => <option key={x} value={x}>{names("incidentType", x)}</option>)}
            </select>
          </Field>
          <Field label={t("incident.severity")}>
            <select value={body.severity ?? ""} onChange={(e) => put({ severity: e.target.value as StepBody["severity"] })}>
              {SEVERITIES.map((x) => <option key={x} value={x}>{names("severity", x)}</option>)}
            </select>
          </Field>
          <AgencyField label={t("incident.lead")} value={body.lead_agency} onChange={(lead_agency) => put({ lead_agency })} />
        </>
      )}
      {REASONED.has(kind) && (
        <Field label={t(kind === "feed_back" || kind === "note" ? "incident.said" : "action.reason")}>
          <textarea rows={3} value={body.reason ?? ""} maxLength={4000} onChange={(e) => put({ reason: e.target.value })} />
        </Field>
      )}
    </FormDialog>
  );
}

/** Of an edit what differs, and what its editor saw: somebody else may have been faster. */
function wanted(of: IncidentDetail, kind: string, body: Partial<StepBody>): StepBody {
  if (kind !== "edit") return { ...body, kind: kind as StepBody["kind"] };
  const names = (["title", "type", "severity", "lead_agency"] as const).filter((n) => body[n] !== of[n]);
  const pick = (from: Partial<Record<string, unknown>>) => Object.fromEntries(names.map((n) => [n, from[n]]));
  return { kind: "edit", ...pick(body), seen: pick(of) as StepBody["seen"] };
}

/** The agency of a unit that is released. */
function joint(which: IncidentDetail["joint_agencies"][number] | undefined): Partial<StepBody> {
  return which ? { agency: which.agency as StepBody["agency"], unit: which.unit } : {};
}

function AgencyField({ label, value, onChange }: {
  label: string;
  value: StepBody["agency"] | undefined;
  onChange: (agency: StepBody["agency"]) => void;
}) {
  const names = useNames();
  const known = value && !AGENCIES.includes(value) ? [value, ...AGENCIES] : AGENCIES;
  return (
    <Field label={label}>
      <select value={value ?? ""} onChange={(e) => onChange(e.target.value as StepBody["agency"])}>
        {known.map((a) => <option key={a} value={a}>{names("agency", a)}</option>)}
      </select>
    </Field>
  );
}

function UnitField({ label, onChange }: { label: string; onChange: (code: string) => void }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const [text, setText] = useState("");
  const found = useAsk(() => people.findUnits(text), [text]);
  return (
    <>
      <Field label={t("incident.findUnit")}>
        <input type="search" value={text} autoComplete="off" onChange={(e) => setText(e.target.value)} />
      </Field>
      <Field label={label}>
        <select size={6} onChange={(e) => onChange(e.target.value)}>
          {found.data?.items.map((u) => <option key={u.code} value={u.code}>{u.name[lang]} · {u.code}</option>)}
        </select>
      </Field>
    </>
  );
}

function OtherField({ of, kind, onChange }: { of: IncidentDetail; kind: string; onChange: (id: string) => void }) {
  const t = useWords();
  const all = useAsk(async () => (await incidents.list("")).items.filter((i) => i.id !== of.id), [of.id]);
  const proposed = new Set(of.proposals.map((p) => p.id));
  const fit = (all.data ?? [])
    .filter((i) => (kind === "unlink" ? of.linked.includes(i.id) : true))
    .sort((a, b) => Number(proposed.has(b.id)) - Number(proposed.has(a.id)));
  return (
    <Field label={t("incident.other")}>
      <select size={6} onChange={(e) => onChange(e.target.value)}>
        {fit.map((i) => <option key={i.id} value={i.id}>{i.code} · {i.title}</option>)}
      </select>
    </Field>
  );
}
