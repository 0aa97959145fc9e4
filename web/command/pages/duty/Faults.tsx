import { useEffect, useState } from "react";
import { duty, type Paper } from "../../../client/duty.ts";
import { api } from "../../../client/http.ts";
import { Check, Field, useNames, useWords } from "../../parts/common.tsx";
import { toast } from "../../state/app.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import { Excel } from "../kit/Excel.tsx";
import { Section } from "../kit/Section.tsx";
import { Answer } from "../kit/States.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import type { Part } from "./DutyPage.tsx";
import { PaperSteps } from "./PaperSteps.tsx";
import { Span } from "./RosterPapers.tsx";

type Doc = Record<string, string | undefined>;

/** What is out of order, and when it is worked on. */
export function Faults({ watch, onChanged }: Part) {
  const t = useWords();
  const names = useNames();
  const [which, setWhich] = useState<"open" | "all">("open");
  const papers = useAsk(async () => (await duty.papers(watch, ["fault", "window"], which === "open")).items, [watch.unit, watch.agency, which]);
  useEffect(() => void papers.reload(), [watch.figures.faults_open, watch.figures.windows_open]);
  const [open, setOpen] = useState<"fault" | "window" | Paper | null>(null);
  const again = (): void => {
    void papers.reload();
    onChanged();
  };
  const mayWrite = watch.may.includes("duty.fault");
  return (
    <Section
      title={t("duty.tab.faults")}
      actions={
        <>
          <select aria-label={t("duty.which")} value={which} onChange={(e) => setWhich(e.target.value as "open" | "all")}>
            <option value="open">{t("case.which.open")}</option>
            <option value="all">{t("case.which.all")}</option>
          </select>
          <Excel path={`/duty/desks/${watch.unit}/${watch.agency}/papers`} asked={{ kind: ["fault", "window"], waiting: which === "open" ? "true" : "" }} />
          {mayWrite && <button type="button" className="main-button" onClick={() => setOpen("fault")}>{t("duty.fault.new")}</button>}
          {mayWrite && <button type="button" onClick={() => setOpen("window")}>{t("duty.window.new")}</button>}
        </>
      }
    >
      <Answer of={papers} isEmpty={(items) => items.length === 0} empty={t("duty.noFaults")}>
        {(items) => (
          <ul className="rows">
            {items.map((p) => {
              const doc = p.doc as Doc;
              return (
                <li key={p.id}>
                  <b>{doc.name} · {doc.what}</b>
                  <span className="tags">
                    <span className="tag">{names("dutyPaper", p.kind)}</span>
                    <span className="tag strong">{names("dutyState", p.kind === "window" && p.state === "in_force" ? "planned" : p.state)}</span>
                    {p.holds && <span className={p.holds === "yes" ? "tag late" : "tag"}>{names("dutyHolds", p.holds)}</span>}
                  </span>
                  <small>
                    {p.kind === "window" ? <><When at={doc.from} /> – <When at={doc.until} /> · {doc.who}</> : <><When at={p.made} /> · {p.names[p.by] ?? p.by}{doc.who ? ` · ${doc.who}` : ""}</>}
                  </small>
                  <PaperSteps of={p} watch={watch} onChanged={again} />
                  {p.kind === "fault" && mayWrite && (p.state === "open" || p.state === "in_hand") && (
                    <button type="button" onClick={() => setOpen(p)}>{t("duty.window.of")}</button>
                  )}
                </li>
              );
            })}
          </ul>
        )}
      </Answer>
      {open && <ThingDialog watch={watch} kind={open === "fault" ? "fault" : "window"} fault={typeof open === "object" ? open : null} onClose={() => setOpen(null)} onDone={again} />}
    </Section>
  );
}

function ThingDialog({ watch, kind, fault, onClose, onDone }: {
  watch: Part["watch"];
  kind: "fault" | "window";
  fault: Paper | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const t = useWords();
  const names = useNames();
  // Whoever may not see the health of sensing writes the name.
  const { data: health, isBusy } = useAsk(() => api.health(), []);
  const [id] = useState(duty.newId);
  const from = fault?.doc as Doc | undefined;
  const [thing, setThing] = useState<"receiver" | "feed" | "system">((from?.thing as "receiver" | undefined) ?? "receiver");
  const [name, setName] = useState(from?.name ?? "");
  const [what, setWhat] = useState(from?.what ?? "");
  const [who, setWho] = useState("");
  const [holds, setHolds] = useState(false);
  const [span, setSpan] = useState(() => {
    const begin = Math.ceil(Date.now() / 3_600_000) * 3_600_000;
    return { start: new Date(begin).toISOString(), end: new Date(begin + 7_200_000).toISOString() };
  });
  const known = thing === "receiver" ? health?.receivers.map((r) => r.name) : thing === "feed" ? health?.feeds.map((f) => f.name) : undefined;
  const isWindow = kind === "window";
  const isReady = name.trim() !== "" && what.trim() !== "" && (!isWindow || (who.trim() !== "" && span.start < span.end));
  return (
    <FormDialog
      title={t(isWindow ? "duty.window.new" : "duty.fault.new")} submit={t(isWindow ? "duty.window.put" : "duty.fault.put")} isReady={isReady} onClose={onClose}
      work={async () => {
        const body = { thing, name: name.trim(), what: what.trim() };
        const made = await duty.begin(watch, id, isWindow
          ? { kind: "window", ...body, who: who.trim(), ...span, holds_alerts: holds, ...(fault ? { fault: fault.id } : {}) }
          : { kind: "fault", ...body });
        if (made.holds === "waiting") toast({ tone: "ok", text: t("change.waits"), remedy: t("change.waits.text") });
        onDone();
      }}
    >
      <Field label={t("duty.thing")}>
        <select value={thing} onChange={(e) => { setThing(e.target.value as "receiver"); setName(""); setHolds(false); }}>
          {["receiver", "feed", "system"].map((k) => <option key={k} value={k}>{names("dutyThing", k)}</option>)}
        </select>
      </Field>
      <Field label={t("duty.thingName")}>
        {isBusy || (known && known.length > 0) ? (
          <select value={name} disabled={isBusy} onChange={(e) => setName(e.target.value)}>
            <option value="">–</option>
            {known?.map((k) => <option key={k}>{k}</option>)}
          </select>
        ) : (
          <input value={name} required maxLength={200} autoComplete="off" onChange={(e) => setName(e.target.value)} />
        )}
      </Field>
      <Field label={t(isWindow ? "duty.work" : "duty.what")}>
        <input value={what} required maxLength={1000} autoComplete="off" onChange={(e) => setWhat(e.target.value)} />
      </Field>
      {isWindow && (
        <>
          <Field label={t("duty.say.who")}>
            <input value={who} required maxLength={200} autoComplete="off" onChange={(e) => setWho(e.target.value)} />
          </Field>
          <Span zone={watch.regulation?.zone ?? "UTC"} {...span} onChange={(start, end) => setSpan({ start, end })} />
          {thing === "receiver" && <Check label={t("duty.holds")} checked={holds} onChange={setHolds} />}
        </>
      )}
      <p className="note">{t("duty.noPersons")}</p>
    </FormDialog>
  );
}
