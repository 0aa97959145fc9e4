import { useState } from "react";
import { cases } from "../../../client/cases.ts";
import { oversight, type Kept, type Usages } from "../../../client/oversight.ts";
import { Empty, Field, useNames, useWords } from "../../parts/common.tsx";
import { app, toast } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { usePages } from "../kit/Pages.tsx";
import { Section } from "../kit/Section.tsx";
import { ShortId } from "../kit/ShortId.tsx";
import { Answer, Wrong } from "../kit/States.tsx";
import { Table } from "../kit/Table.tsx";
import { useAsk, useSend } from "../kit/useAsk.ts";
import { useUnitNames } from "../kit/useUnitNames.ts";
import { When } from "../kit/When.tsx";
import { Delays } from "./Delays.tsx";
import { EraseDialog } from "./Erasures.tsx";
import { ending } from "./ending.ts";

/** A person asks what was looked up about them: within a case of the own unit for oversight. */
export function Persons() {
  return (
    <>
      <Requests />
      <Delays />
    </>
  );
}

function Requests() {
  const t = useWords();
  const names = useNames();
  const own = useAsk(() => cases.list(), []);
  const [caseId, setCaseId] = useState("");
  const [field, setField] = useState<"id_number" | "passport">("id_number");
  const [value, setValue] = useState("");
  const [phone, setPhone] = useState("");
  const [found, setFound] = useState<{ usages: Usages; of: string } | null>(null);
  const sending = useSend();
  const open = own.data?.items.filter((c) => c.state === "open" && c.purpose === "oversight") ?? [];
  const at = caseId || open[0]?.id;
  return (
    <Section title={t("subject.title")}>
      <p className="note">{t("subject.note")}</p>
      <Answer of={own}>
        {() =>
          open.length === 0 ? (
            <Empty>{t("subject.noCase")}</Empty>
          ) : (
            <form
              className="inline"
              onSubmit={(e) => {
                e.preventDefault();
                void sending.send(async () => {
                  const usages = await oversight.subject({ case: at!, field, value: value.trim(), phone: phone.trim() || null });
                  const asked = [`${names("datum", field)} ${ending(value)}`, phone.trim() && `${names("datum", "phone")} ${ending(phone)}`];
                  setFound({ usages, of: asked.filter(Boolean).join(" · ") });
                  setValue(""); // the numbers are looked for and forgotten
                  setPhone("");
                });
              }}
            >
              <Field label={t("subject.case")}>
                <select value={at} onChange={(e) => setCaseId(e.target.value)}>
                  {open.map((c) => <option key={c.id} value={c.id}>{c.title ?? c.id}</option>)}
                </select>
              </Field>
              <Field label={t("subject.document")}>
                <select value={field} onChange={(e) => setField(e.target.value as "id_number")}>
                  {(["id_number", "passport"] as const).map((f) => <option key={f} value={f}>{names("datum", f)}</option>)}
                </select>
              </Field>
              <Field label={t("subject.number")}>
                <input value={value} required minLength={4} maxLength={50} autoComplete="off" onChange={(e) => setValue(e.target.value)} />
              </Field>
              <Field label={t("subject.phone")}>
                <input value={phone} minLength={7} maxLength={30} autoComplete="off" onChange={(e) => setPhone(e.target.value)} />
              </Field>
              <button type="submit" className="main-button" disabled={sending.isBusy}>{t("subject.ask")}</button>
            </form>
          )
        }
      </Answer>
      <Wrong error={sending.error} />
      {found && (
        <>
          <p>{t("subject.answerFor", { what: found.of })}</p>
          <Told found={found.usages} />
          {found.usages.records.length > 0 && <Records rows={found.usages.records} />}
        </>
      )}
    </Section>
  );
}

function Told({ found }: { found: Usages }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const { shown, pager } = usePages(found.items);
  const unitName = useUnitNames(found.items.map((u) => u.unit));
  if (found.total === 0) return <Empty>{t("subject.none")}</Empty>;
  return (
    <>
      <p role="status">{t("subject.total", { n: found.total })}</p>
      <Table
        name={t("subject.title")}
        columns={[
          { key: "time", head: t("access.time"), isHead: true, cell: (u) => <When at={u.time} /> },
          { key: "says", head: t("subject.what"), isText: true, cell: (u) => u.says[lang] },
          { key: "unit", head: t("role.where"), isText: true, cell: (u) => unitName(u.unit) },
          { key: "hidden", head: t("subject.hidden"), isText: true, cell: (u) => (u.hidden_until ? <><When at={u.hidden_until} /> {u.hidden_reason?.[lang]}</> : "–") },
        ]}
        rows={shown}
        keyOf={(u) => String(u.index)}
      />
      {pager}
    </>
  );
}

/** What is kept about the person where the officer may have it erased. */
function Records({ rows }: { rows: Kept[] }) {
  const t = useWords();
  const names = useNames();
  const unitName = useUnitNames(rows.map((r) => r.unit));
  const [erased, setErased] = useState<Kept | null>(null);
  return (
    <>
      <Table
        name={t("erasure.records")}
        columns={[
          { key: "what", head: t("erasure.records"), isHead: true, cell: (r) => <>{r.form ? t("erasure.ofForm", { form: r.form }) : t("erasure.ofPerson")} <ShortId id={r.id} /></> },
          { key: "purpose", head: t("case.purpose"), cell: (r) => names("purpose", r.purpose) },
          { key: "unit", head: t("role.where"), isText: true, cell: (r) => [unitName(r.unit), r.agency && names("agency", r.agency)].filter(Boolean).join(" · ") },
          { key: "collected", head: t("erasure.collected"), cell: (r) => <When at={r.collected} /> },
          { key: "do", head: t("page.actions"), cell: (r) => <button type="button" onClick={() => setErased(r)}>{t("erasure.ask")}</button> },
        ]}
        rows={rows}
        keyOf={(r) => r.id}
      />
      {erased && (
        <EraseDialog
          isAnswers={erased.form !== null}
          work={async (ground) => {
            await cases.erase(erased.case, { subject: erased.id, ...ground });
            toast({ tone: "ok", text: t("erasure.waits") });
          }}
          onClose={() => setErased(null)}
        />
      )}
    </>
  );
}
