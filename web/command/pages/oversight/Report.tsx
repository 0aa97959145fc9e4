import { useState } from "react";
import { download } from "../../../client/files.ts";
import { Field, useWords } from "../../parts/common.tsx";
import { saveFile } from "../kit/save.ts";
import { Section } from "../kit/Section.tsx";
import { Wrong } from "../kit/States.tsx";
import { useSend } from "../kit/useAsk.ts";

/** A year in numbers, for publishing; nothing in it is about one person. */
export function Report() {
  const t = useWords();
  const now = new Date().getFullYear();
  const [year, setYear] = useState(now);
  const sending = useSend();
  const take = (form: "json" | "xlsx"): void =>
    void sending.send(async () => {
      const { content } = await download("GET", `/oversight/report/${year}?format=${form}`);
      saveFile(`oversight-${year}.${form}`, content);
    });
  return (
    <Section title={t("over.tab.report")}>
      <p className="note">{t("report.note")}</p>
      <div className="inline">
        <Field label={t("report.year")}>
          <select value={year} onChange={(e) => setYear(Number(e.target.value))}>
            {[0, 1, 2, 3, 4].map((n) => <option key={n} value={now - n}>{now - n}</option>)}
          </select>
        </Field>
        <button type="button" className="main-button" disabled={sending.isBusy} onClick={() => take("xlsx")}>{t("report.xlsx")}</button>
        <button type="button" disabled={sending.isBusy} onClick={() => take("json")}>{t("report.json")}</button>
      </div>
      <Wrong error={sending.error} />
    </Section>
  );
}
