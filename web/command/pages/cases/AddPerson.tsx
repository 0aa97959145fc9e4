import { useState } from "react";
import { Field, useNames, useWords } from "../../parts/common.tsx";
import { ApiError } from "../../../client/http.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import { FIELDS, SENSITIVE, type FieldName } from "./fields.ts";

/** The fields of one person, no more of them than are needed. */
export function AddPerson({ work, onClose }: { work: (fields: Record<string, string>) => Promise<void>; onClose: () => void }) {
  const t = useWords();
  const names = useNames();
  const [values, setValues] = useState<Partial<Record<FieldName, string>>>({ name: "", phone: "" });
  const [faults, setFaults] = useState<Partial<Record<FieldName, string>>>({});
  const asked = FIELDS.filter((f) => values[f] !== undefined);
  const filled = Object.fromEntries(asked.map((f) => [f, values[f]!.trim()] as const).filter(([, v]) => v !== ""));
  const label = (f: FieldName): string =>
    (SENSITIVE as readonly string[]).includes(f) ? t("person.sensitive", { field: names("datum", f) }) : names("datum", f);
  return (
    <FormDialog
      title={t("person.add")}
      submit={t("person.save")}
      isReady={Object.keys(filled).length > 0}
      work={() =>
        work(filled).catch((error: unknown) => {
          if (error instanceof ApiError) setFaults(Object.fromEntries(asked.map((f) => [f, error.field(`fields.${f}`)])));
          throw error;
        })
      }
      onClose={onClose}
    >
      {asked.map((f) => (
        <Field key={f} label={label(f)} error={faults[f]}>
          {f === "note" || f === "health" || f === "whereabouts" ? (
            <textarea rows={2} value={values[f]} maxLength={4000} onChange={(e) => setValues({ ...values, [f]: e.target.value })} />
          ) : (
            <input value={values[f]} maxLength={200} autoComplete="off" onChange={(e) => setValues({ ...values, [f]: e.target.value })} />
          )}
        </Field>
      ))}
      <Field label={t("person.more")}>
        <select value="" onChange={(e) => setValues({ ...values, [e.target.value as FieldName]: "" })}>
          <option value="">{t("person.more.choose")}</option>
          {FIELDS.filter((f) => values[f] === undefined).map((f) => <option key={f} value={f}>{label(f)}</option>)}
        </select>
      </Field>
      <p className="note">{t("person.add.note")}</p>
    </FormDialog>
  );
}
