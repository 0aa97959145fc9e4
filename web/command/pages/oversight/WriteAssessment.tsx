import { useState } from "react";
import { oversight, type AssessmentInput } from "../../../client/oversight.ts";
import { serverNow } from "../../../client/http.ts";
import { Check, Field, useNames, useWords } from "../../parts/common.tsx";
import { app, toast } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { fromField, toField } from "../../state/time.ts";
import { FIELDS } from "../cases/fields.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import { firstOf, isWhole, keyOf, TEXTS, type Begun, type Place } from "./assessment.ts";
import { PURPOSES } from "./lists.ts";

/** The three points of the law for one purpose, unit and agency; it waits for another person. */
export function WriteAssessment({ begun, places, onClose, onDone }: { begun: Begun; places: readonly Place[]; onClose: () => void; onDone: () => void }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const [body, setBody] = useState<AssessmentInput>(() => firstOf(begun, places, serverNow()));
  const isNext = begun.after !== undefined;
  const put = (more: Partial<AssessmentInput>): void => setBody({ ...body, ...more });
  const what: { name: AssessmentInput["what"][number]; label: string }[] = [
    ...FIELDS.map((name) => ({ name, label: names("datum", name) })),
    { name: "evidence", label: t("assessment.what.evidence") },
    { name: "answers", label: t("assessment.what.answers") },
  ];
  return (
    <FormDialog
      title={t(isNext ? "assessment.next" : "assessment.write")}
      submit={t(isNext ? "assessment.next" : "assessment.write")}
      isReady={isWhole(body)}
      wants={t("assessment.least")}
      work={async () => {
        await oversight.writeAssessment(body);
        toast({ tone: "ok", text: t("assessment.waits") });
        onDone();
      }}
      onClose={onClose}
    >
      <Field label={t("case.purpose")}>
        <select value={body.purpose} disabled={isNext} onChange={(e) => put({ purpose: e.target.value as AssessmentInput["purpose"] })}>
          {PURPOSES.map((p) => <option key={p} value={p}>{names("purpose", p)}</option>)}
        </select>
      </Field>
      <Field label={t("assessment.where")}>
        <select
          value={body.unit ? keyOf({ unit: body.unit, agency: body.agency ?? "" }) : ""}
          disabled={isNext}
          onChange={(e) => {
            const [unit, agency] = e.target.value.split("/");
            put({ unit, agency: agency as AssessmentInput["agency"] });
          }}
        >
          {places.map((p) => <option key={keyOf(p)} value={keyOf(p)}>{p.name?.[lang] ?? p.unit} · {names("agency", p.agency)}</option>)}
        </select>
      </Field>
      <fieldset>
        <legend>{t("assessment.what")}</legend>
        {what.map(({ name, label }) => (
          <Check
            key={name}
            label={label}
            checked={body.what.includes(name)}
            onChange={(on) => put({ what: on ? [...body.what, name] : body.what.filter((w) => w !== name) })}
          />
        ))}
      </fieldset>
      {TEXTS.map((name) => (
        <Field key={name} label={t(`assessment.${name}`)}>
          <textarea rows={3} required maxLength={4000} value={body[name]} onChange={(e) => put({ [name]: e.target.value })} />
        </Field>
      ))}
      <Field label={t("assessment.ends")}>
        <input type="datetime-local" required value={toField(body.ends)} onChange={(e) => put({ ends: fromField(e.target.value) })} />
      </Field>
    </FormDialog>
  );
}
