import { useEffect, useState } from "react";
import { fileOf, incidents, type Incident, type IncidentDetail } from "../../../client/incidents.ts";
import { formatPosition } from "../../../map/position.ts";
import { Facts, useNames, useWords } from "../../parts/common.tsx";
import { select } from "../../state/actions.ts";
import { app } from "../../state/app.ts";
import { mine, offered } from "../../state/mine.ts";
import { addressOf, goPage } from "../../state/route.ts";
import { useStore } from "../../state/store.ts";
import { Section } from "../kit/Section.tsx";
import { Answer, Wrong } from "../kit/States.tsx";
import { useAsk, useSend } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { FORWARD, itemOf, NOT_BY_FORM, REASONED, WITH_OUTCOME } from "./board.ts";
import { Checklist } from "./Checklist.tsx";
import { Due } from "./Due.tsx";
import { ContactSource, LinkContact } from "./LinkContact.tsx";
import { FirstThere } from "./FirstThere.tsx";
import { FromPhones } from "./FromPhones.tsx";
import { StepDialog } from "./StepDialog.tsx";

/** One incident: how it stands, what may be done next, where it came from, what was done. */
export function IncidentView({ id, version, onChanged }: { id: string; version: number; onChanged: (now: Incident) => void }) {
  const found = useAsk(() => incidents.one(id), [id]);
  useEffect(() => {
    if (found.data && version > found.data.version) void found.reload();
  }, [version]);
  return (
    <Answer of={found}>
      {(one) => (
        <Shown
          of={one}
          onSent={() => void found.reload()}
          onDone={(now) => {
            onChanged(now);
            void found.reload();
          }}
        />
      )}
    </Answer>
  );
}

function Shown({ of, onDone, onSent }: { of: IncidentDetail; onDone: (now: Incident) => void; onSent: () => void }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  return (
    <article className="incident">
      <header>
        <h2>{of.erased && !of.title ? t("incident.erased") : of.title}</h2>
        <p className="tags">
          <span className="tag">{of.code}</span>
          <span className={`tag severity ${of.severity}`}>{names("severity", of.severity)}</span>
          <span className="tag">{names("incidentType", of.type)}</span>
          <span className="tag strong">{names("incidentState", of.state)}</span>
          {of.outcome && <span className="tag">{names("outcome", of.outcome)}</span>}
          <Due of={of} />
        </p>
        <p>
          <a href={fileOf(of.id, lang)} target="_blank" rel="noopener">{t("incident.print")}</a>
        </p>
      </header>
      <Facts
        rows={[
          [t("incident.desk"), of.desk_name[lang]],
          [t("incident.lead"), names("agency", of.lead_agency)],
          [t("incident.joint"), t.list(of.joint_agencies.map((j) => `${names("agency", j.agency)} (${j.unit_name[lang]})`)) || null],
          [t("incident.place"), of.lon === null || of.lat === null ? t("incident.noPlace") : formatPosition({ lon: of.lon, lat: of.lat }, 2)],
          [t("incident.opened"), <><When at={of.opened} /> · {of.opened_by}</>],
          [t("incident.since"), <When key="since" at={of.since} />],
        ]}
      />
      <Steps of={of} onDone={onDone} />
      <FirstThere of={of} onSent={onSent} />
      <Checklist of={of} onDone={onDone} />
      <Came of={of} onDone={onDone} />
      <FromPhones id={of.id} version={of.version} />
      <Section title={t("incident.log")}>
        <ol className="log">
          {of.steps.map((s) => (
            <li key={s.id}>
              <When at={s.at} />
              <b>{names("incidentStep", s.kind)}</b>
              <span>{s.by}</span>
              {itemOf(s, lang) && <q>{itemOf(s, lang)}</q>}
              {typeof s.fields.reason === "string" && <q>{s.fields.reason}</q>}
            </li>
          ))}
        </ol>
      </Section>
    </article>
  );
}

/** Next along the way first; what else may be done beside it. */
function Steps({ of, onDone }: { of: IncidentDetail; onDone: (now: Incident) => void }) {
  const t = useWords();
  const names = useNames();
  const my = useStore(mine, (s) => s.mine);
  const [kind, setKind] = useState<string | null>(null);
  const sending = useSend();
  const may = (k: string): boolean =>
    offered(my, ["reject", "verify", "send_back", "close", "reopen"].includes(k) ? "incident.close" : "incident.act").length > 0;
  const fit = of.next.filter((k) => may(k) && !NOT_BY_FORM.has(k) && !(k === "leave" && of.joint_agencies.length === 0) && !(k === "unlink" && of.linked.length === 0));
  if (fit.length === 0) return null;
  // Another may be dispatched later too, but that is not what comes next.
  const forward = FORWARD.filter((k) => fit.includes(k) && (k !== "dispatch" || of.state === "accepted"));
  const others = fit.filter((k) => !forward.includes(k));
  const begin = (k: string): void => {
    const isBare = !REASONED.has(k) && !WITH_OUTCOME.has(k) && ["accept", "dispatch", "begin", "verify", "take_over"].includes(k);
    if (!isBare) return setKind(k);
    void sending.send(async () => onDone(await incidents.step(of.id, incidents.newId(), { kind: k as "accept" })));
  };
  return (
    <Section title={t("incident.steps")}>
      <div className="buttons">
        {forward.map((k, n) => (
          <button key={k} type="button" className={n === 0 ? "main-button" : undefined} disabled={sending.isBusy} onClick={() => begin(k)}>
            {names("incidentStep", k)}
          </button>
        ))}
      </div>
      <div className="buttons quiet">
        {others.map((k) => <button key={k} type="button" disabled={sending.isBusy} onClick={() => begin(k)}>{names("incidentStep", k)}</button>)}
      </div>
      <Wrong error={sending.error} />
      {kind && <StepDialog of={of} kind={kind} onClose={() => setKind(null)} onDone={onDone} />}
    </Section>
  );
}

/** A bulletin or contact that is kept here, and not the number of one that is not. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Where it came from, what is one matter with it, what may be. */
function Came({ of, onDone }: { of: IncidentDetail; onDone: (now: Incident) => void }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const mayLink = useStore(mine, (s) => offered(s.mine, "incident.act").length > 0) && of.next.includes("add_source");
  const isBare = of.sources.length + of.parts.length + of.proposals.length + of.linked.length === 0 && !of.merged_into && !of.split_from;
  if (isBare && !mayLink) return null;
  return (
    <Section title={t("incident.came")}>
      <ul className="rows">
        {of.sources.map((s) => (
          <li key={`${s.kind} ${s.ref}`}>
            {s.kind === "alert" ? (
              <button type="button" className="link-button" onClick={() => showAlert(s.ref)}>{t("incident.alert")} {s.ref.slice(0, 8)}</button>
            ) : s.kind === "contact" && UUID.test(s.ref) ? (
              <ContactSource id={s.ref} />
            ) : s.kind === "bulletin" && UUID.test(s.ref) ? (
              <a href={addressOf("bulletins", s.ref)}>{names("source", s.kind)} {s.ref.slice(0, 8)}</a>
            ) : (
              <span>{names("source", s.kind)} {s.ref}</span>
            )}
          </li>
        ))}
        {of.parts.map((p) => <li key={p.id}><a href={`#incidents/${p.id}`}>{t("incident.part", { code: p.code })} {p.title}</a></li>)}
        {of.merged_into && <li><a href={`#incidents/${of.merged_into}`}>{t("incident.mergedInto")}</a></li>}
        {of.split_from && <li><a href={`#incidents/${of.split_from}`}>{t("incident.splitFrom")}</a></li>}
        {of.linked.map((l) => <li key={l}><a href={`#incidents/${l}`}>{t("incident.linked")}</a></li>)}
        {of.proposals.map((p) => (
          <li key={p.id}>
            <a href={`#incidents/${p.id}`}>{t("incident.maybe", { code: p.code })} {p.title} · {p.why[lang]}</a>
          </li>
        ))}
      </ul>
      {mayLink && <LinkContact of={of} onDone={onDone} />}
    </Section>
  );
}

/** Back to the alert, its evidence and the line as it was received. */
function showAlert(id: string): void {
  select({ kind: "alert", id });
  goPage("map");
}
