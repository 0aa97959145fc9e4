import { useState } from "react";
import { cases, type Erasure, type ErasureInput } from "../../../client/cases.ts";
import { oversight } from "../../../client/oversight.ts";
import { Check, Facts, Field, useNames, useWords } from "../../parts/common.tsx";
import { app, toast } from "../../state/app.ts";
import { mine, offered } from "../../state/mine.ts";
import { useStore } from "../../state/store.ts";
import { NotYet } from "../../state/wrong.ts";
import { Decide } from "../changes/Decide.tsx";
import { FormDialog } from "../kit/FormDialog.tsx";
import { usePages } from "../kit/Pages.tsx";
import { Section } from "../kit/Section.tsx";
import { Answer, Wrong } from "../kit/States.tsx";
import { useAsk, useSend } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";

const REASONS = ["request", "court_order", "mistake"] as const;
type Reason = (typeof REASONS)[number];
/** On what it is asked for; what a court orders names its document. */
type Ground = Pick<ErasureInput, "reason" | "document" | "why">;

/** Erasures that were asked for: another person agrees, and the person's key is destroyed. */
export function Erasures() {
  const t = useWords();
  const asked = useAsk(() => oversight.erasures(), []);
  return (
    <Section title={t("erasure.title")}>
      <p className="note">{t("erasure.note")}</p>
      <Answer of={asked} isEmpty={(p) => p.items.length === 0} empty={t("erasure.none")}>
        {(p) => <Cards items={p.items} onDone={() => void asked.reload()} />}
      </Answer>
    </Section>
  );
}

function Cards({ items, onDone }: { items: Erasure[]; onDone: () => void }) {
  const { shown, pager } = usePages(items, 10);
  return (
    <>
      {shown.map((e) => <Card key={e.id} of={e} onDone={onDone} />)}
      {pager}
    </>
  );
}

function Card({ of: one, onDone }: { of: Erasure; onDone: () => void }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const may = offered(useStore(mine, (s) => s.mine), "person.erase").length > 0;
  const sending = useSend();
  const [isSure, setIsSure] = useState(false);
  const waits = one.state === "waiting";
  const nameOf = (ref: string): string => one.names[ref] ?? ref;
  return (
    <article className="card" aria-label={`${t("erasure.title")}: ${one.subject}`}>
      <header>
        <h3>{t("erasure.one", { what: one.about.title ?? names("purpose", one.about.purpose) })}</h3>
        <span className={waits ? "tag strong" : "tag"}>{t(`change.state.${one.state}`)}</span>
      </header>
      <Facts
        rows={[
          [t("erasure.because"), t(`erasure.reason.${one.reason as Reason}`)],
          [t("case.purpose"), names("purpose", one.about.purpose)],
          [t("role.where"), [one.about.unit_name?.[lang] ?? one.about.unit, one.about.agency && names("agency", one.about.agency)].filter(Boolean).join(" · ")],
          [t("erasure.caseOpened"), <When key="opened" at={one.about.opened} />],
          ...(one.answers ? ([[t("erasure.what"), t("erasure.answers")]] as [string, string][]) : []),
          [t("erasure.number"), <span key="id" className="id">{one.subject}</span>],
        ]}
      />
      <p>{t("change.by", { name: nameOf(one.requested_by) })} · <When at={one.requested} /></p>
      {one.document && <p>{t("hold.document")}{t.colon}{one.document}</p>}
      {one.why && <blockquote>{one.why}</blockquote>}
      {one.decided && one.decided_by && <p>{t("change.decidedBy", { name: nameOf(one.decided_by) })} · <When at={one.decided} />{one.note && <> · {one.note}</>}</p>}
      {one.log_index !== null && <p>{t("erasure.proof", { index: one.log_index })}</p>}
      {waits && one.mine && (
        <>
          <p className="note">{t("change.own")}</p>
          <Wrong error={sending.error} />
          <div className="buttons">
            <button type="button" disabled={sending.isBusy} onClick={() => void sending.send(() => cases.takeErasureBack(one.case, one.id)).then((ok) => ok && onDone())}>{t("change.takeBack")}</button>
          </div>
        </>
      )}
      {waits && !one.mine && may && (
        <>
          <Check label={t("erasure.sure")} checked={isSure} onChange={setIsSure} />
          <Decide
            yes={t("erasure.agree")}
            no={t("change.refuse")}
            work={async (agree, note) => {
              if (agree && !isSure) throw new NotYet(t("erasure.notSure"));
              await cases.decideErasure(one.case, one.id, agree, note);
              toast({ tone: "ok", text: t(agree ? "erasure.did" : "change.did.refused") });
              onDone();
            }}
          />
        </>
      )}
    </article>
  );
}

/** Ask for one person's data of one case, or for answers to a form, to be erased. */
export function EraseDialog({ isAnswers, work, onClose }: { isAnswers: boolean; work: (ground: Ground) => Promise<unknown>; onClose: () => void }) {
  const t = useWords();
  const [reason, setReason] = useState<Reason>("request");
  const [document, setDocument] = useState("");
  const [why, setWhy] = useState("");
  const isCourts = reason === "court_order";
  return (
    <FormDialog
      title={t("erasure.ask")}
      submit={t("erasure.ask")}
      isReady={why.trim().length >= 6 && (!isCourts || document.trim() !== "")}
      work={() => work({ reason, document: document.trim() || null, why: why.trim() })}
      onClose={onClose}
    >
      <p>{t("erasure.ask.note")}</p>
      {isAnswers && <p>{t("erasure.whole")}</p>}
      <Field label={t("erasure.because")}>
        <select value={reason} onChange={(e) => setReason(e.target.value as Reason)}>
          {REASONS.map((r) => <option key={r} value={r}>{t(`erasure.reason.${r}`)}</option>)}
        </select>
      </Field>
      <Field label={t(isCourts ? "erasure.order" : "erasure.file")}>
        <input value={document} required={isCourts} maxLength={200} autoComplete="off" onChange={(e) => setDocument(e.target.value)} />
      </Field>
      <Field label={t("action.reason")}>
        <textarea rows={2} value={why} maxLength={1000} required onChange={(e) => setWhy(e.target.value)} />
      </Field>
    </FormDialog>
  );
}
