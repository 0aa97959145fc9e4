import { useState } from "react";
import { download } from "../../../client/files.ts";
import { tasks, type ResponderFile } from "../../../client/tasks.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Field, useWords } from "../../parts/common.tsx";
import { usePages } from "../kit/Pages.tsx";
import { saveFile } from "../kit/save.ts";
import { Wrong } from "../kit/States.tsx";
import { Table } from "../kit/Table.tsx";
import { useSend } from "../kit/useAsk.ts";

/** Responders from an Excel file: first looked at, with every fault by its row; then all of it or nothing. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const t = useWords();
  const [file, setFile] = useState<File | null>(null);
  const [seen, setSeen] = useState<ResponderFile | null>(null);
  const sending = useSend();
  const { shown, pager } = usePages(seen?.faults ?? []);
  const send = (keep: boolean): void => void (file && sending.send(async () => setSeen(await tasks.bringIn(file, keep))));
  const empty = (): void =>
    void sending.send(async () => {
      const { name, content } = await download("GET", "/responders/template.xlsx");
      saveFile(name, content);
    });
  return (
    <Dialog title={t("task.import")} onClose={onClose}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          send(false);
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
        <div className="buttons">
          <button type="submit" className="main-button" disabled={!file || sending.isBusy}>{t("import.look")}</button>
          <button type="button" disabled={sending.isBusy} onClick={empty}>{t("import.get.template")}</button>
        </div>
        <Wrong error={sending.error} />
        {seen && <p role="status">{t("task.import.counts", { rows: seen.rows, added: seen.added, changed: seen.changed })} {seen.kept && t("import.done")}</p>}
        {seen && seen.fault_count > 0 && (
          <>
            <p>{t("import.nFaults", { n: seen.fault_count })}</p>
            <Table
              name={t("import.faults")}
              columns={[
                { key: "sheet", head: t("import.sheet"), isHead: true, cell: (f) => f.sheet || "–" },
                { key: "row", head: t("import.row"), isNumber: true, cell: (f) => f.row || "–" },
                { key: "column", head: t("import.column"), cell: (f) => f.column || "–" },
                { key: "message", head: t("import.message"), isText: true, cell: (f) => f.message },
              ]}
              rows={shown}
              keyOf={(f) => `${f.sheet} ${f.row} ${f.column} ${f.message}`}
            />
            {pager}
          </>
        )}
        {seen && !seen.kept && seen.fault_count === 0 && (
          <div className="buttons"><button type="button" className="main-button" disabled={sending.isBusy} onClick={() => send(true)}>{t("import.take")}</button></div>
        )}
      </form>
    </Dialog>
  );
}
