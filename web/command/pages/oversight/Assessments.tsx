import { useState } from "react";
import { oversight, type Assessment, type AssessmentNeed, type Assessments as All } from "../../../client/oversight.ts";
import { Facts, useNames, useWords } from "../../parts/common.tsx";
import { app, toast } from "../../state/app.ts";
import { mine, offered } from "../../state/mine.ts";
import { useStore } from "../../state/store.ts";
import { Decide } from "../changes/Decide.tsx";
import { usePages } from "../kit/Pages.tsx";
import { Section } from "../kit/Section.tsx";
import { Answer, Wrong } from "../kit/States.tsx";
import { Table, type Column } from "../kit/Table.tsx";
import { useAsk, useSend } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { placesOf, TEXTS, type Begun } from "./assessment.ts";
import { WriteAssessment } from "./WriteAssessment.tsx";

/** Without one nothing sensitive is shown: what lacks one, what each says, and who agrees to it. */
export function Assessments() {
  const t = useWords();
  const my = useStore(mine, (s) => s.mine);
  const may = offered(my, "assessment.write").length > 0;
  const all = useAsk(() => oversight.assessments(), []);
  const [begun, setBegun] = useState<Begun | null>(null);
  return (
    <Section title={t("assessment.title")} actions={may && <button type="button" onClick={() => setBegun({})}>{t("assessment.write")}</button>}>
      <p className="note">{t("assessment.note")}</p>
      <Answer of={all}>
        {(a) => (
          <>
            <Lacking items={a.lacking} write={may ? setBegun : null} />
            <List all={a} next={may ? setBegun : null} onDone={() => void all.reload()} />
            {begun && <WriteAssessment begun={begun} places={placesOf(my?.places ?? [], a)} onClose={() => setBegun(null)} onDone={() => void all.reload()} />}
          </>
        )}
      </Answer>
    </Section>
  );
}

function Lacking({ items, write }: { items: AssessmentNeed[]; write: ((begun: Begun) => void) | null }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const { shown, pager } = usePages(items, 10);
  if (items.length === 0) return null;
  const columns: Column<AssessmentNeed>[] = [
    { key: "purpose", head: t("case.purpose"), isHead: true, cell: (n) => names("purpose", n.purpose) },
    { key: "where", head: t("role.where"), isText: true, cell: (n) => `${n.unit_name?.[lang] ?? n.unit} · ${names("agency", n.agency)}` },
    { key: "what", head: t("retention.what"), cell: (n) => t("assessment.lacking.what", { cases: n.cases, forms: n.forms }) },
    ...(write ? [{ key: "do", head: t("page.actions"), cell: (n: AssessmentNeed) => <button type="button" onClick={() => write({ need: n })}>{t("assessment.write")}</button> }] : []),
  ];
  return (
    <div className="wrong" role="note">
      <b>{t("assessment.lacking")}</b>
      <Table name={t("assessment.lacking")} columns={columns} rows={shown} keyOf={(n) => `${n.purpose} ${n.unit} ${n.agency}`} />
      {pager}
    </div>
  );
}

function List({ all, next, onDone }: { all: All; next: ((begun: Begun) => void) | null; onDone: () => void }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const { shown, pager } = usePages(all.items, 20);
  const [open, setOpen] = useState<Assessment | null>(null);
  if (all.items.length === 0) return <p className="empty">{t("assessment.none")}</p>;
  const columns: Column<Assessment>[] = [
    { key: "purpose", head: t("case.purpose"), isHead: true, isText: true, cell: (a) => <>{names("purpose", a.purpose)}<br /><small>{t("assessment.version", { n: a.version })}</small></> },
    { key: "where", head: t("role.where"), isText: true, cell: (a) => `${a.unit_name?.[lang] ?? a.unit} · ${names("agency", a.agency)}` },
    { key: "state", head: t("case.state"), cell: (a) => <span className={a.state === "waiting" ? "tag strong" : "tag"}>{t(`assessment.state.${a.state}`)}</span> },
    { key: "runs", head: t("assessment.runs"), cell: (a) => <><When at={a.begins} /><br /><When at={a.ends} /></> },
    { key: "by", head: t("assessment.by"), isText: true, cell: (a) => a.names[a.written_by] ?? a.written_by },
    { key: "do", head: t("page.actions"), cell: (a) => <button type="button" onClick={() => setOpen(a)}>{t("assessment.read")}</button> },
  ];
  return (
    <>
      <Table name={t("assessment.title")} columns={columns} rows={shown} keyOf={(a) => a.id} />
      {pager}
      {open && <One key={open.id} of={open} next={next} onClose={() => setOpen(null)} onDone={onDone} />}
    </>
  );
}

/** What it says; whoever may agree does so having read it. */
function One({ of, next, onClose, onDone }: { of: Assessment; next: ((begun: Begun) => void) | null; onClose: () => void; onDone: () => void }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const one = useAsk(() => oversight.assessment(of.id), [of.id]);
  const sending = useSend();
  const decide = async (agree: boolean, note: string): Promise<void> => {
    await oversight.decideAssessment(of.id, agree, note);
    toast({ tone: "ok", text: t("assessment.decided") });
    onDone();
    onClose();
  };
  const what = (w: string): string => (w === "evidence" || w === "answers" ? t(`assessment.what.${w}`) : names("datum", w));
  return (
    <Section title={`${names("purpose", of.purpose)} · ${of.unit_name?.[lang] ?? of.unit} · ${names("agency", of.agency)}`} actions={<button type="button" onClick={onClose}>{t("panel.close")}</button>}>
      <Answer of={one}>
        {(a) => (
          <>
            <Facts
              rows={[
                [t("case.state"), t(`assessment.state.${a.state}`)],
                [t("assessment.what"), a.what.map(what).join(lang === "zh" ? "、" : ", ")],
                ...TEXTS.map((name): [string, string] => [t(`assessment.${name}`), a[name]]),
                [t("assessment.by"), <>{a.names[a.written_by] ?? a.written_by} · <When at={a.written} /></>],
                [t("assessment.decidedBy"), a.decided_by && <>{a.names[a.decided_by] ?? a.decided_by} · <When at={a.decided} /> {a.note}</>],
              ]}
            />
            {a.may_decide && <Decide yes={t("assessment.agree")} no={t("assessment.refuse")} work={decide} />}
            {a.mine && a.state === "waiting" && (
              <>
                <Wrong error={sending.error} />
                <button type="button" disabled={sending.isBusy} onClick={() => void sending.send(() => decide(false, ""))}>{t("assessment.takeBack")}</button>
              </>
            )}
            {next && (a.state === "in_force" || a.state === "ended") && <button type="button" onClick={() => next({ after: a })}>{t("assessment.next")}</button>}
          </>
        )}
      </Answer>
    </Section>
  );
}
