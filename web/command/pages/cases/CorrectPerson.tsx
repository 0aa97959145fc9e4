import { useState } from "react";
import { ApiError } from "../../../client/http.ts";
import type { Subject } from "../../../client/cases.ts";
import { Check, Field, useNames, useWords } from "../../parts/common.tsx";
import { FormDialog } from "../kit/FormDialog.tsx";
import { fieldsOf, type FieldName } from "./fields.ts";

/** The plain fields of one person to put right; only those that were changed are sent. */
export function CorrectPerson({ person, work, onClose }: {
  person: Subject;
  work: (fields: Record<string, string>) => Promise<void>;
  onClose: () => void;
}) {
  const t = useWords();
  const names = useNames();
  const [values, setValues] = useState(person.fields);
  const [faults, setFaults] = useState<Partial<Record<FieldName, string>>>({});
  const [isSure, setIsSure] = useState(false);
  const asked = fieldsOf([person]);
  const changed = Object.fromEntries(asked.map((f) => [f, (values[f] ?? "").trim()]).filter(([f, v]) => v !== "" && v !== person.fields[f!]));
  return (
    <FormDialog
      title={t("person.correct")}
      submit={t("person.correct")}
      isReady={isSure && Object.keys(changed).length > 0}
      work={() =>
        work(changed).catch((error: unknown) => {
          if (error instanceof ApiError) setFaults(Object.fromEntries(asked.map((f) => [f, error.field(`fields.${f}`)])));
          throw error;
        })
      }
      onClose={onClose}
    >
      {asked.map((f) => (
        <Field key={f} label={names("datum", f)} error={faults[f]}>
          <input value={values[f] ?? ""} maxLength={4000} autoComplete="off" onChange={(e) => setValues({ ...values, [f]: e.target.value })} />
        </Field>
      ))}
      <p className="note">{t("person.correct.note")}</p>
      <Check label={t("person.correct.sure", { n: Object.keys(changed).length })} checked={isSure} onChange={setIsSure} />
    </FormDialog>
  );
}
