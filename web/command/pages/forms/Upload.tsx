import { useState } from "react";
import { forms, PURPOSES, type Checked, type Purpose } from "../../../client/forms.ts";
import { Field, useWords } from "../../parts/common.tsx";
import { goPage } from "../../state/route.ts";
import { saveFile } from "../kit/save.ts";
import { Section } from "../kit/Section.tsx";
import { Answer, Wrong } from "../kit/States.tsx";
import { Table } from "../kit/Table.tsx";
import { useAsk, useSend } from "../kit/useAsk.ts";
import { Questions } from "./Questions.tsx";

/** A form as an Excel file (XLSForm): first looked at, with every fault by its place; then taken in as a draft. */
export function Upload() {
  const t = useWords();
  const [file, setFile] = useState<File | null>(null);
  const [purpose, setPurpose] = useState<Purpose>(PURPOSES[0]);
  const [seen, setSeen] = useState<Checked | null>(null);
  const sending = useSend();
  const shipped = useAsk(() => forms.shipped(), []);
  return (
    <>
      <Section title={t("form.tab.upload")}>
        <p className="note">{t("form.upload.note")}</p>
        <form
          className="inline"
          onSubmit={(e) => {
            e.preventDefault();
            if (file) void sending.send(async () => setSeen(await forms.look(file, purpose)));
          }}
        >
          <Field label={t("form.file")}>
            <input
              type="file"
              accept=".xlsx"
              onChange={(e) => {
                setFile(e.target.files?.[0] ?? null);
                setSeen(null);
              }}
            />
          </Field>
          <Field label={t("form.purpose")}>
            <select
              value={purpose}
              onChange={(e) => {
                setPurpose(e.target.value as Purpose);
                setSeen(null);
              }}
            >
              {PURPOSES.map((name) => <option key={name} value={name}>{t(`purpose.${name}`)}</option>)}
            </select>
          </Field>
          <button type="submit" className="main-button" disabled={!file || sending.isBusy}>{t("import.look")}</button>
        </form>
        <Wrong error={sending.error} />
      </Section>
      {seen && seen.form === null && (
        <Section title={t("import.faults")}>
          <p role="status">{t("import.nFaults", { n: seen.fault_count })}</p>
          <Table
            name={t("import.faults")}
            columns={[
              { key: "sheet", head: t("import.sheet"), isHead: true, cell: (f) => f.sheet || "–" },
              { key: "row", head: t("import.row"), isNumber: true, cell: (f) => f.row || "–" },
              { key: "column", head: t("import.column"), cell: (f) => f.column || "–" },
              { key: "message", head: t("import.message"), isText: true, cell: (f) => f.message },
            ]}
            rows={seen.faults}
            keyOf={(f) => `${f.sheet} ${f.row} ${f.column} ${f.message}`}
          />
        </Section>
      )}
      {seen?.form && file && (
        <Section
          title={t("form.fits", { title: seen.form.title, version: seen.form.version })}
          actions={
            <button
              type="button"
              className="main-button"
              disabled={sending.isBusy}
              onClick={() => void sending.send(() => forms.take(file, purpose)).then((done) => done && goPage("forms", "kept"))}
            >
              {t("form.take")}
            </button>
          }
        >
          <Questions of={seen.form.questions} />
        </Section>
      )}
      <Section title={t("form.shipped")}>
        <p className="note">{t("form.shipped.note")}</p>
        <Answer of={shipped}>
          {({ items }) => (
            <div className="buttons">
              {items.map((one) => (
                <button
                  key={one.name}
                  type="button"
                  disabled={sending.isBusy}
                  onClick={() => void sending.send(async () => {
                    const got = await forms.file(`shipped/${one.name}`);
                    saveFile(got.name, got.content);
                  })}
                >
                  {one.title}
                </button>
              ))}
            </div>
          )}
        </Answer>
      </Section>
    </>
  );
}
