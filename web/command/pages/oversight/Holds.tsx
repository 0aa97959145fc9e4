import { useState } from "react";
import type { LegalBasis } from "../../../client/cases.ts";
import { oversight, type Hold } from "../../../client/oversight.ts";
import { Field, useNames, useWords } from "../../parts/common.tsx";
import { app, toast } from "../../state/app.ts";
import { mine, offered } from "../../state/mine.ts";
import { useStore } from "../../state/store.ts";
import { BASES } from "../cases/OpenCase.tsx";
import { FormDialog } from "../kit/FormDialog.tsx";
import { usePages } from "../kit/Pages.tsx";
import { Section } from "../kit/Section.tsx";
import { Answer } from "../kit/States.tsx";
import { ShortId } from "../kit/ShortId.tsx";
import { Table, type Column } from "../kit/Table.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";

/** Legal holds: what is under one is not erased, and another person than who set it lifts it. */
export function Holds() {
  const t = useWords();
  const may = offered(useStore(mine, (s) => s.mine), "hold.write").length > 0;
  const holds = useAsk(() => oversight.holds(), []);
  const [isSetting, setIsSetting] = useState(false);
  const [lifted, setLifted] = useState<Hold | null>(null);
  return (
    <Section title={t("hold.title")} actions={may && <button type="button" onClick={() => setIsSetting(true)}>{t("hold.set")}</button>}>
      <Answer of={holds} isEmpty={(p) => p.items.length === 0} empty={t("hold.none")}>
        {(p) => <HoldTable items={p.items} lift={may ? setLifted : null} />}
      </Answer>
      {isSetting && <SetHold onClose={() => setIsSetting(false)} onDone={() => void holds.reload()} />}
      {lifted && <LiftHold hold={lifted} onClose={() => setLifted(null)} onDone={() => void holds.reload()} />}
    </Section>
  );
}

function HoldTable({ items, lift }: { items: Hold[]; lift: ((hold: Hold) => void) | null }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const { shown, pager } = usePages(items, 20);
  const columns: Column<Hold>[] = [
    { key: "what", head: t("retention.what"), isHead: true, isText: true,
      cell: (h) => <>{[names("kept", h.kind), h.about.title ?? [h.about.purpose && names("purpose", h.about.purpose), h.about.unit_name?.[lang] ?? h.about.unit].filter(Boolean).join(" · ")].filter(Boolean).join(" · ")}<br /><ShortId id={h.thing} /></>,
    },
    { key: "basis", head: t("case.basis"), cell: (h) => names("basis", h.legal_basis) },
    { key: "document", head: t("hold.document"), isText: true, cell: (h) => h.document },
    { key: "set", head: t("hold.when"), cell: (h) => <When at={h.set} /> },
    ...(lift ? [{ key: "do", head: t("page.actions"), cell: (h: Hold) => <button type="button" onClick={() => lift(h)}>{t("hold.lift")}</button> }] : []),
  ];
  return (
    <>
      <Table name={t("hold.title")} columns={columns} rows={shown} keyOf={(h) => h.id} />
      {pager}
    </>
  );
}

function SetHold({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const t = useWords();
  const names = useNames();
  const [thing, setThing] = useState("");
  const [basis, setBasis] = useState<LegalBasis>("court_order");
  const [document, setDocument] = useState("");
  return (
    <FormDialog
      title={t("hold.set")}
      submit={t("hold.set")}
      isReady={thing.trim() !== "" && document.trim() !== ""}
      work={async () => {
        await oversight.setHold({ thing: thing.trim(), legal_basis: basis, document: document.trim() });
        onDone();
      }}
      onClose={onClose}
    >
      <Field label={t("hold.thing")}>
        <input value={thing} required maxLength={100} autoComplete="off" onChange={(e) => setThing(e.target.value)} />
      </Field>
      <Field label={t("case.basis")}>
        <select value={basis} onChange={(e) => setBasis(e.target.value as LegalBasis)}>
          {BASES.map((b) => <option key={b} value={b}>{names("basis", b)}</option>)}
        </select>
      </Field>
      <Field label={t("hold.document")}>
        <input value={document} required maxLength={200} autoComplete="off" onChange={(e) => setDocument(e.target.value)} />
      </Field>
    </FormDialog>
  );
}

function LiftHold({ hold, onClose, onDone }: { hold: Hold; onClose: () => void; onDone: () => void }) {
  const t = useWords();
  const names = useNames();
  const isCourts = hold.legal_basis === "court_order";
  const [basis, setBasis] = useState(hold.legal_basis as LegalBasis);
  const [document, setDocument] = useState("");
  return (
    <FormDialog
      title={t("hold.lift")}
      submit={t("hold.lift")}
      isReady={document.trim() !== ""}
      work={async () => {
        await oversight.releaseHold(hold.id, { legal_basis: basis, document: document.trim() });
        toast({ tone: "ok", text: t("hold.lifted"), remedy: t("hold.lifted.again") });
        onDone();
      }}
      onClose={onClose}
    >
      <p>{t("hold.lift.note", { document: hold.document })}</p>
      <Field label={t("case.basis")}>
        <select value={basis} onChange={(e) => setBasis(e.target.value as LegalBasis)}>
          {(isCourts ? BASES.filter((b) => b === "court_order") : BASES).map((b) => <option key={b} value={b}>{names("basis", b)}</option>)}
        </select>
      </Field>
      <Field label={t("hold.lift.document")}>
        <input value={document} required maxLength={200} autoComplete="off" onChange={(e) => setDocument(e.target.value)} />
      </Field>
    </FormDialog>
  );
}
