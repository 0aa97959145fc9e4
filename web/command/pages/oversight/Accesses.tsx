import { useState } from "react";
import { oversight, type Access, type AccessFilter } from "../../../client/oversight.ts";
import { Field, useNames, useWords } from "../../parts/common.tsx";
import { fromField } from "../../state/time.ts";
import { Answer } from "../kit/States.tsx";
import { Table, type Column } from "../kit/Table.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { ACTIONS, PURPOSES, VERDICTS } from "./lists.ts";
import { ProofDialog } from "./ProofDialog.tsx";
import { ThingText } from "./ThingText.tsx";
import { WhoText } from "./WhoText.tsx";

const NONE: AccessFilter = { actor: "", action: "", thing: "", case: "", purpose: "", verdict: "", from: "", to: "" };

/** Who did what to which thing for which purpose, newest first; each with its proof. */
export function Accesses() {
  const t = useWords();
  const [form, setForm] = useState(NONE);
  const [filter, setFilter] = useState(NONE);
  const [cursors, setCursors] = useState<string[]>([]);
  const [shown, setShown] = useState<number | null>(null);
  const cursor = cursors.at(-1);
  const page = useAsk(() => oversight.accesses(filter, cursor), [filter, cursor]);
  const ask = (wanted: AccessFilter): void => {
    setCursors([]);
    setFilter({ ...wanted, from: fromField(wanted.from), to: fromField(wanted.to) });
  };
  return (
    <>
      <Filters form={form} set={setForm} ask={ask} />
      <Answer of={page} isEmpty={(p) => p.items.length === 0} empty={t("access.none")}>
        {(p) => (
          <>
            <AccessTable items={p.items} show={setShown} />
            {(p.next_cursor || cursors.length > 0) && (
              <div className="pager">
                <button type="button" disabled={cursors.length === 0} onClick={() => setCursors(cursors.slice(0, -1))}>{t("access.newer")}</button>
                <button type="button" disabled={!p.next_cursor} onClick={() => setCursors([...cursors, p.next_cursor!])}>{t("access.older")}</button>
              </div>
            )}
          </>
        )}
      </Answer>
      {shown !== null && <ProofDialog index={shown} onClose={() => setShown(null)} />}
    </>
  );
}

function Filters({ form, set, ask }: { form: AccessFilter; set: (form: AccessFilter) => void; ask: (form: AccessFilter) => void }) {
  const t = useWords();
  const names = useNames();
  const select = (key: "action" | "purpose" | "verdict", label: string, prefix: string, values: readonly string[]) => (
    <Field label={label}>
      <select value={form[key]} onChange={(e) => set({ ...form, [key]: e.target.value })}>
        <option value="">{t("access.any")}</option>
        {values.map((v) => <option key={v} value={v}>{names(prefix, v)}</option>)}
      </select>
    </Field>
  );
  return (
    <form
      className="inline"
      onSubmit={(e) => {
        e.preventDefault();
        ask(form);
      }}
    >
      <Field label={t("access.actor")}>
        <input value={form.actor} maxLength={100} autoComplete="off" onChange={(e) => set({ ...form, actor: e.target.value.trim() })} />
      </Field>
      {select("action", t("access.action"), "act", ACTIONS)}
      {select("purpose", t("case.purpose"), "purpose", PURPOSES)}
      {select("verdict", t("access.verdict"), "verdict", VERDICTS)}
      <Field label={t("access.case")}>
        <input value={form.case} maxLength={60} autoComplete="off" onChange={(e) => set({ ...form, case: e.target.value.trim() })} />
      </Field>
      <Field label={t("access.from")}>
        <input type="datetime-local" value={form.from} onChange={(e) => set({ ...form, from: e.target.value })} />
      </Field>
      <Field label={t("access.to")}>
        <input type="datetime-local" value={form.to} onChange={(e) => set({ ...form, to: e.target.value })} />
      </Field>
      <button type="submit" className="main-button">{t("access.ask")}</button>
      <button type="button" onClick={() => { set(NONE); ask(NONE); }}>{t("access.clear")}</button>
    </form>
  );
}

export function AccessTable({ items, show }: { items: Access[]; show: (index: number) => void }) {
  const t = useWords();
  const names = useNames();
  const columns: Column<Access>[] = [
    { key: "time", head: t("access.time"), isHead: true, cell: (a) => <When at={a.time} /> },
    { key: "who", head: t("access.who"), isText: true, cell: (a) => <WhoText who={a.actor} /> },
    {
      key: "what", head: t("access.action"), isText: true,
      cell: (a) => <>{names("act", a.action)}{a.manner && <> · {names("manner", a.manner)}</>}<br /><ThingText access={a} /></>,
    },
    { key: "why", head: t("case.purpose"), isText: true, cell: (a) => (a.purpose ? <>{names("purpose", a.purpose)}{a.legal_basis && <> · {names("basis", a.legal_basis)}</>}</> : "–") },
    { key: "verdict", head: t("access.verdict"), cell: (a) => <span className={a.verdict === "deny" || a.verdict === "failed" ? "tag strong" : ""}>{names("verdict", a.verdict)}</span> },
    { key: "proof", head: t("access.proof"), cell: (a) => <button type="button" onClick={() => show(a.index)}>{t("access.show", { n: a.index })}</button> },
  ];
  return <Table name={t("over.tab.accesses")} columns={columns} rows={items} keyOf={(a) => String(a.index)} />;
}
