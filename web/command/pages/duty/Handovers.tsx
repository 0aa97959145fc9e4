import { useState } from "react";
import { duty, type Paper, type Regulation } from "../../../client/duty.ts";
import type { Load } from "../../../client/load.ts";
import { Empty, Facts, Field, useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { Section } from "../kit/Section.tsx";
import { Wrong } from "../kit/States.tsx";
import { useSend } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import type { Part } from "./DutyPage.tsx";
import { LeftAside, type FoundShelf } from "./LeftAside.tsx";
import { PaperSteps } from "./PaperSteps.tsx";
import { nameOf, offeredSteps, shiftName, unsaid } from "./shifts.ts";

interface Found {
  /** Not in handovers of before. */
  load?: Pick<Load, "hour" | "now">;
  /** Nor is this. */
  shelves?: FoundShelf[];
  /** Nor this: those in force, also where the alert has ended. */
  shelves_count?: number;
  at: string;
  incidents: { count: number; items: { id: string; code: string; title: string; state: string; severity: string }[] };
  alerts: { count: number; items: { id: string; rule: string; priority: number }[] };
  changes: { count: number };
  faults: { id: string; name: string; what: string; state: string }[];
  windows: { id: string; name: string; what: string; state: string }[];
  checks_missed: { check: string; due: string }[];
}

/** From one watch to the next: written and signed by who goes, read and signed by who comes. */
export function Handovers({ watch, onChanged }: Part) {
  const t = useWords();
  const sending = useSend();
  const { now, regulation } = watch;
  const has = watch.handovers.some((p) => p.doc.outgoing === now?.key);
  const begin = (): void =>
    void sending.send(async () => {
      await duty.begin(watch, duty.newId(), { kind: "handover", outgoing: now!.key });
      onChanged();
    });
  return (
    <>
      <Section
        title={t("duty.tab.handover")}
        actions={
          now && !has && watch.may.includes("duty.handover") && (
            <button type="button" className="main-button" disabled={sending.isBusy} onClick={begin}>{t("duty.handover.begin")}</button>
          )
        }
      >
        <Wrong error={sending.error} />
        {watch.handovers.length === 0 && <Empty>{t("duty.noHandover")}</Empty>}
      </Section>
      {regulation && watch.handovers.map((p) => <One key={`${p.id}${p.state === "draft"}`} of={p} regulation={regulation} watch={watch} onChanged={onChanged} />)}
    </>
  );
}

function One({ of, regulation, watch, onChanged }: Part & { of: Paper; regulation: Regulation }) {
  const t = useWords();
  const names = useNames();
  const doc = of.doc as Record<string, string | undefined>;
  const lang = useStore(app, (s) => s.lang);
  const called = (key: string | undefined): string => (key ? shiftName(key, regulation, lang) : "–");
  const title = t("duty.handover.of", { from: called(doc.outgoing), to: called(doc.incoming) });
  const isDraft = of.state === "draft";
  const says = (of.doc.says ?? {}) as Record<string, string>;
  const who = (key: string | undefined): string => (key ? (of.names[key] ?? key) : "–");
  return (
    <article className="card handover" aria-label={title}>
      <header>
        <h3>{title}</h3>
        <span className="tag strong">{names("dutyState", of.state)}</span>
        <button type="button" className="unprinted" onClick={() => print()}>{t("duty.print")}</button>
      </header>
      {isDraft ? (
        <Draft of={of} regulation={regulation} watch={watch} onChanged={onChanged} />
      ) : (
        <>
          <Says regulation={regulation} says={says} />
          {of.doc.found ? <FoundOpen found={of.doc.found as unknown as Found} regulation={regulation} /> : null}
          <Facts
            rows={[
              [t("duty.signedBy"), <>{who(doc.signed_by)} · <When at={doc.signed} /></>],
              [t("duty.readBy"), doc.read_by ? <>{who(doc.read_by)} · <When at={doc.read} /></> : null],
              [t("duty.takenBy"), doc.taken ? <>{who(doc.read_by)} · <When at={doc.taken} /></> : null],
              [t("duty.say.remark"), doc.remark || null],
            ]}
          />
          <PaperSteps of={of} watch={watch} onChanged={onChanged} leaveOut={of.state === "read" && of.doc.read_by === watch.me ? ["read"] : []} />
        </>
      )}
    </article>
  );
}

function Says({ regulation, says }: { regulation: Regulation; says: Record<string, string> }) {
  const lang = useStore(app, (s) => s.lang);
  return <Facts rows={regulation.items.map((item) => [item[lang], says[item.id] || null])} />;
}

/** What the regulation wants stated; signing comes after, and says what the server will add. */
function Draft({ of, regulation, watch, onChanged }: Part & { of: Paper; regulation: Regulation }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const sending = useSend();
  const [says, setSays] = useState((of.doc.says ?? {}) as Record<string, string>);
  const may = offeredSteps(of, watch.me, watch.may);
  if (!may.includes("write")) return <Says regulation={regulation} says={says} />;
  const missing = unsaid(regulation, says);
  const send = (isSigning: boolean): void =>
    void sending.send(async () => {
      await duty.step(of.id, duty.newId(), { kind: "write", says });
      if (isSigning) await duty.step(of.id, duty.newId(), { kind: "sign" });
      onChanged();
    });
  return (
    <form
      className="desk-form wide"
      onSubmit={(e) => {
        e.preventDefault();
        send(true);
      }}
    >
      {regulation.items.map((item) => (
        <Field key={item.id} label={item.required ? `${item[lang]} *` : item[lang]}>
          <textarea rows={2} maxLength={4000} value={says[item.id] ?? ""} onChange={(e) => setSays({ ...says, [item.id]: e.target.value })} />
        </Field>
      ))}
      <p className="note">{t("duty.handover.note")} {t("duty.noPersons")}</p>
      <Wrong error={sending.error} />
      <div className="buttons">
        <button type="submit" className="main-button" disabled={missing.length > 0 || sending.isBusy}>{t("duty.handover.sign")}</button>
        <button type="button" disabled={sending.isBusy} onClick={() => send(false)}>{t("duty.handover.keep")}</button>
      </div>
    </form>
  );
}

/** As the server found it when it was signed. */
function FoundOpen({ found, regulation }: { found: Found; regulation: Regulation }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  return (
    <section className="found" aria-label={t("duty.found")}>
      <h4>{t("duty.found")} · <When at={found.at} /></h4>
      <div className="figures">
        <div className="figure"><b>{found.incidents.count}</b><span>{t("duty.found.incidents")}</span></div>
        <div className="figure"><b>{found.alerts.count}</b><span>{t("duty.found.alerts")}</span></div>
        {found.load && <div className="figure"><b>{found.load.hour.annunciated}</b><span>{t("duty.found.load")}</span></div>}
        {found.load && <div className="figure"><b>{found.shelves_count ?? found.load.now.shelved}</b><span>{t("duty.found.shelved")}</span></div>}
        <div className="figure"><b>{found.changes.count}</b><span>{t("duty.found.changes")}</span></div>
        <div className="figure"><b>{found.faults.length}</b><span>{t("duty.figure.faults_open")}</span></div>
        <div className="figure"><b>{found.windows.length}</b><span>{t("duty.figure.windows_open")}</span></div>
        <div className="figure"><b>{found.checks_missed.length}</b><span>{t("duty.figure.checks_missed")}</span></div>
      </div>
      <ul className="plain">
        {found.incidents.items.map((i) => (
          <li key={i.id}><a href={`#incidents/${i.id}`}>{i.code}</a> {i.title} · {names("severity", i.severity)} · {names("incidentState", i.state)}</li>
        ))}
        {found.shelves && found.shelves.length > 0 && <LeftAside shelves={found.shelves} />}
        {[...found.faults, ...found.windows].map((f) => <li key={f.id}>{f.name} · {f.what} · {names("dutyState", f.state)}</li>)}
        {found.checks_missed.map((c) => <li key={`${c.check}${c.due}`}>{t("duty.missed")} {nameOf(regulation.checks, c.check, lang)} <When at={c.due} /></li>)}
      </ul>
      <small className="only-print">{regulation.source}</small>
    </section>
  );
}
