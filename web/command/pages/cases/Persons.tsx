import { useState } from "react";
import { cases, type Case, type Subject } from "../../../client/cases.ts";
import { useNames, useWords } from "../../parts/common.tsx";
import { usePages } from "../kit/Pages.tsx";
import { Section } from "../kit/Section.tsx";
import { Answer, Wrong } from "../kit/States.tsx";
import { Table, type Column } from "../kit/Table.tsx";
import { When } from "../kit/When.tsx";
import { AddPerson } from "./AddPerson.tsx";
import { fieldsOf } from "./fields.ts";
import type { CasePersons } from "./usePersons.ts";

/** The persons of the case as the server masks them; chosen ones can be asked for. */
export function Persons({ of: one, persons, chosen, setChosen, canAdd }: {
  of: Case;
  persons: CasePersons;
  chosen: string[];
  setChosen: (ids: string[]) => void;
  canAdd: boolean;
}) {
  const t = useWords();
  const [isAdding, setIsAdding] = useState(false);
  return (
    <Section
      title={t("person.title")}
      actions={canAdd && <button type="button" onClick={() => setIsAdding(true)}>{t("person.add")}</button>}
    >
      <Answer of={persons} refused={t("person.refused")} isEmpty={(page) => page.items.length === 0} empty={t(canAdd ? "person.none" : "person.noneHere")}>
        {(page) => <PersonTable name={t("person.title")} rows={page.items} chosen={chosen} setChosen={setChosen} />}
      </Answer>
      <Wrong error={persons.further.error} />
      {persons.data?.next_cursor && (
        <button type="button" disabled={persons.further.isBusy} onClick={() => void persons.more()}>{t("person.further", { n: persons.data.items.length })}</button>
      )}
      {isAdding && (
        <AddPerson
          onClose={() => setIsAdding(false)}
          work={async (fields) => {
            await cases.addSubject(one.id, fields);
            await persons.reload();
          }}
        />
      )}
    </Section>
  );
}

export function PersonTable({ name, rows, chosen, setChosen, correct }: {
  name: string;
  rows: Subject[];
  chosen?: string[];
  setChosen?: (ids: string[]) => void;
  correct?: (person: Subject) => void;
}) {
  const t = useWords();
  const names = useNames();
  const { shown, pager } = usePages(rows);
  const number = new Map(rows.map((r, i) => [r.id, i + 1]));
  const columns: Column<Subject>[] = [
    {
      key: "n",
      head: t("person.number"),
      isHead: true,
      cell: (r) =>
        setChosen && chosen ? (
          <label className="check">
            <input
              type="checkbox"
              checked={chosen.includes(r.id)}
              onChange={(e) => setChosen(e.target.checked ? [...chosen, r.id] : chosen.filter((c) => c !== r.id))}
            />
            <span>{t("person.choose", { n: number.get(r.id) ?? 0 })}</span>
          </label>
        ) : (
          number.get(r.id)
        ),
    },
    ...fieldsOf(rows).map((f) => ({ key: f, head: names("datum", f), isText: f === "note" || f === "address", cell: (r: Subject) => <Datum of={r} field={f} /> })),
    ...(correct ? [{ key: "do", head: t("page.actions"), cell: (r: Subject) => <button type="button" onClick={() => correct(r)}>{t("person.correct")}</button> }] : []),
  ];
  return (
    <>
      <Table name={name} columns={columns} rows={shown} keyOf={(r) => r.id} />
      {pager}
    </>
  );
}

/** A field, and when it was corrected if it was. */
function Datum({ of: person, field }: { of: Subject; field: string }) {
  const t = useWords();
  const at = person.corrected?.[field];
  return (
    <>
      {person.fields[field] === null ? <i>{t("person.unreadable")}</i> : (person.fields[field] ?? "–")}
      {at && <> <span className="tag">{t("person.corrected")} <When at={at} /></span></>}
    </>
  );
}
