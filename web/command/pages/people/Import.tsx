import { useState } from "react";
import { people, type Imported } from "../../../client/people.ts";
import { Field, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { sentence } from "../../state/said.ts";
import { useStore } from "../../state/store.ts";
import { usePages } from "../kit/Pages.tsx";
import { saveFile } from "../kit/save.ts";
import { Section } from "../kit/Section.tsx";
import { Wrong } from "../kit/States.tsx";
import { Table } from "../kit/Table.tsx";
import { columnName, sheetName } from "./sheetWords.ts";
import { useSend } from "../kit/useAsk.ts";

/** Units, agencies and users from an Excel file: first looked at, with every fault by its row; then all of it or nothing. */
export function Import() {
  const t = useWords();
  const [file, setFile] = useState<File | null>(null);
  const [seen, setSeen] = useState<Imported | null>(null);
  const [share, setShare] = useState<number | null>(null);
  const sending = useSend();
  const run = (work: () => Promise<Imported>): void => {
    setShare(0);
    void sending.send(async () => setSeen(await work())).finally(() => setShare(null));
  };
  const fetchSheet = (name: "template.xlsx" | "units.xlsx" | "users.xlsx"): void =>
    void sending.send(async () => {
      const got = await people.sheet(name);
      saveFile(got.name, got.content);
    });
  return (
    <>
      <Section
        title={t("import.title")}
        actions={(["template.xlsx", "units.xlsx", "users.xlsx"] as const).map((name) => (
          <button key={name} type="button" disabled={sending.isBusy} onClick={() => fetchSheet(name)}>{t(`import.get.${name.replace(".xlsx", "") as "units"}`)}</button>
        ))}
      >
        <form
          className="inline"
          onSubmit={(e) => {
            e.preventDefault();
            if (file) run(() => people.look(file, setShare));
          }}
        >
          <Field label={t("import.file")}>
            <input
              type="file"
              accept=".xlsx"
              onChange={(e) => {
                setFile(e.target.files?.[0] ?? null);
                setSeen(null);
              }}
            />
          </Field>
          <button type="submit" className="main-button" disabled={!file || sending.isBusy}>{t("import.look")}</button>
          {share !== null && <progress max={1} value={share} aria-label={t("evid.sending")} />}
        </form>
        <p className="note">{t("import.note")}</p>
        <Wrong error={sending.error} />
      </Section>
      {seen && (
        <Seen
          seen={seen}
          isBusy={sending.isBusy}
          take={() => file && run(() => people.take(file, seen.sha256, setShare))}
        />
      )}
    </>
  );
}

function Seen({ seen, isBusy, take }: { seen: Imported; isBusy: boolean; take: () => void }) {
  const t = useWords();
  const lang = useStore(app, (st) => st.lang);
  const { shown, pager } = usePages(seen.faults);
  const counts = { rows: seen.rows, units: seen.units, agencies: seen.agencies, fresh: seen.users_new, known: seen.users_known };
  return (
    <Section title={t(seen.applied ? (seen.users_new + seen.users_known > 0 ? "import.waits" : "import.done") : seen.fault_count ? "import.faults" : "import.fits")}>
      <p role="status">{t("import.counts", counts)}</p>
      {seen.users_new + seen.users_known > 0 && <p className="note">{t("import.byTwo")}</p>}
      {seen.fault_count > 0 && (
        <>
          <p>{t("import.nFaults", { n: seen.fault_count })}</p>
          <Table
            name={t("import.faults")}
            columns={[
              { key: "sheet", head: t("import.sheet"), isHead: true, cell: (f) => sheetName(lang, f.sheet) || "–" },
              { key: "row", head: t("import.row"), isNumber: true, cell: (f) => f.row || "–" },
              { key: "column", head: t("import.column"), cell: (f) => columnName(lang, f.sheet, f.column) || "–" },
              { key: "message", head: t("import.message"), isText: true, cell: (f) => sentence(lang, f.message) ?? f.message },
            ]}
            rows={shown}
            keyOf={(f) => `${f.sheet} ${f.row} ${f.column} ${f.message}`}
          />
          {pager}
        </>
      )}
      {!seen.applied && seen.fault_count === 0 && seen.rows > 0 && (
        <div className="buttons"><button type="button" className="main-button" disabled={isBusy} onClick={take}>{t("import.take")}</button></div>
      )}
    </Section>
  );
}
