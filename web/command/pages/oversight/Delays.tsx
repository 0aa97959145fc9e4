import { useState } from "react";
import { cases, type LegalBasis } from "../../../client/cases.ts";
import { oversight, type Delay, type DelayInput } from "../../../client/oversight.ts";
import { Field, useNames, useWords } from "../../parts/common.tsx";
import { fromField, toField } from "../../state/time.ts";
import { me } from "../../state/me.ts";
import { useStore } from "../../state/store.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import { usePages } from "../kit/Pages.tsx";
import { Section } from "../kit/Section.tsx";
import { Answer } from "../kit/States.tsx";
import { ShortId } from "../kit/ShortId.tsx";
import { Table, type Column } from "../kit/Table.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { basesToEnd, BASES, WHO_DELAYS } from "./delay.ts";
import { WhoText } from "./WhoText.tsx";

const DAY_MS = 86_400_000;

/** Of which accesses persons are told later, by whose order; who may set a delay may end it. */
export function Delays() {
  const t = useWords();
  const may = useStore(me, (s) => s.me?.roles.some((r) => WHO_DELAYS.includes(r.role)) ?? false);
  const delays = useAsk(() => oversight.delays(), []);
  const [isSetting, setIsSetting] = useState(false);
  const [ended, setEnded] = useState<Delay | null>(null);
  return (
    <Section title={t("over.delays")} actions={may && <button type="button" onClick={() => setIsSetting(true)}>{t("delay.set")}</button>}>
      <p className="note">{t("delay.note")}</p>
      <Answer of={delays} isEmpty={(p) => p.items.length === 0} empty={t("delay.none")}>
        {(p) => <DelayTable items={p.items} end={may ? setEnded : null} />}
      </Answer>
      {isSetting && <SetDelay onClose={() => setIsSetting(false)} onDone={() => void delays.reload()} />}
      {ended && <EndDelay delay={ended} onClose={() => setEnded(null)} onDone={() => void delays.reload()} />}
    </Section>
  );
}

function DelayTable({ items, end }: { items: Delay[]; end: ((delay: Delay) => void) | null }) {
  const t = useWords();
  const names = useNames();
  const { shown, pager } = usePages(items, 20);
  const columns: Column<Delay>[] = [
    { key: "case", head: t("subject.case"), isHead: true, isText: true, cell: (d) => <>{d.case_title} <ShortId id={d.case} /><br />{d.subject ? <>{names("kept", "subject")} <ShortId id={d.subject} /></> : t("delay.all")}</> },
    { key: "basis", head: t("case.basis"), cell: (d) => names("basis", d.legal_basis) },
    { key: "document", head: t("hold.document"), isText: true, cell: (d) => d.document },
    { key: "by", head: t("grant.who"), cell: (d) => <WhoText who={d.set_by} /> },
    { key: "until", head: t("delay.until"), cell: (d) => <><When at={d.until} />{d.waits && <><br />{t("delay.waits")}</>}</> },
    ...(end ? [{ key: "do", head: t("page.actions"), cell: (d: Delay) => <button type="button" onClick={() => end(d)}>{t("delay.end")}</button> }] : []),
  ];
  return (
    <>
      <Table name={t("over.delays")} columns={columns} rows={shown} keyOf={(d) => d.id} />
      {pager}
    </>
  );
}

function SetDelay({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const t = useWords();
  const own = useAsk(() => cases.list(), []);
  const open = own.data?.items.filter((c) => c.state === "open") ?? [];
  const [caseId, setCaseId] = useState("");
  const [subject, setSubject] = useState("");
  const [basis, setBasis] = useState<DelayInput["legal_basis"]>("court_order");
  const [document, setDocument] = useState("");
  const [until, setUntil] = useState(() => new Date(Date.now() + 30 * DAY_MS).toISOString());
  const at = caseId || open[0]?.id;
  return (
    <FormDialog
      title={t("delay.set")}
      submit={t("delay.set")}
      isReady={at !== undefined && document.trim() !== "" && until !== ""}
      work={async () => {
        await oversight.setDelay({ case: at!, subject: subject.trim() || null, legal_basis: basis, document: document.trim(), until });
        onDone();
      }}
      onClose={onClose}
    >
      <Field label={t("subject.case")}>
        <select value={at ?? ""} onChange={(e) => setCaseId(e.target.value)}>
          {open.map((c) => <option key={c.id} value={c.id}>{c.title ?? c.id}</option>)}
        </select>
      </Field>
      <Field label={t("delay.subject")}>
        <input value={subject} maxLength={100} autoComplete="off" onChange={(e) => setSubject(e.target.value)} />
      </Field>
      <Basis at={basis} of={BASES} set={(b) => setBasis(b as DelayInput["legal_basis"])} />
      <Field label={t("hold.document")}>
        <input value={document} required maxLength={200} autoComplete="off" onChange={(e) => setDocument(e.target.value)} />
      </Field>
      <Field label={t("delay.until.utc")}>
        <input type="datetime-local" required value={toField(until)} onChange={(e) => setUntil(fromField(e.target.value))} />
      </Field>
    </FormDialog>
  );
}

function EndDelay({ delay, onClose, onDone }: { delay: Delay; onClose: () => void; onDone: () => void }) {
  const t = useWords();
  const bases = basesToEnd(delay.legal_basis);
  const [basis, setBasis] = useState<LegalBasis>(bases[0]!);
  const [document, setDocument] = useState("");
  return (
    <FormDialog
      title={t("delay.end")}
      submit={t("delay.end")}
      isReady={document.trim() !== ""}
      work={async () => {
        await oversight.endDelay(delay.id, basis, document.trim());
        onDone();
      }}
      onClose={onClose}
    >
      <p>{t("delay.end.note", { document: delay.document })}</p>
      <Basis at={basis} of={bases} set={setBasis} />
      <Field label={t("delay.end.document")}>
        <input value={document} required maxLength={200} autoComplete="off" onChange={(e) => setDocument(e.target.value)} />
      </Field>
    </FormDialog>
  );
}

function Basis({ at, of, set }: { at: LegalBasis; of: readonly LegalBasis[]; set: (basis: LegalBasis) => void }) {
  const t = useWords();
  const names = useNames();
  return (
    <Field label={t("case.basis")}>
      <select value={at} onChange={(e) => set(e.target.value as LegalBasis)}>
        {of.map((b) => <option key={b} value={b}>{names("basis", b)}</option>)}
      </select>
    </Field>
  );
}
