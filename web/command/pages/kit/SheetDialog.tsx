import { useState, type ReactNode } from "react";
import { download } from "../../../client/files.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Field, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { sentence } from "../../state/said.ts";
import { useStore } from "../../state/store.ts";
import { usePages } from "./Pages.tsx";
import { saveFile } from "./save.ts";
import { Wrong } from "./States.tsx";
import { Table } from "./Table.tsx";
import { useSend } from "./useAsk.ts";

interface Looked {
  kept: boolean;
  faults: { sheet: string; row: number; column: string; message: string }[];
  fault_count: number;
}

/** An Excel file that comes in: first looked at, with every fault by its row; then all of it or nothing. */
export function SheetDialog<T extends Looked>({ title, template, look, children, onClose, onKept }: {
  title: string;
  /** Path of the sheet to fill in. */
  template: string;
  look: (file: File, keep: boolean) => Promise<T>;
  /** What the file would do, or did. */
  children: (seen: T) => ReactNode;
  onClose: () => void;
  onKept?: () => void;
}) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const [file, setFile] = useState<File | null>(null);
  const [seen, setSeen] = useState<T | null>(null);
  const sending = useSend();
  const { shown, pager } = usePages(seen?.faults ?? []);
  const send = (keep: boolean): void =>
    void (file && sending.send(async () => setSeen(await look(file, keep))).then((ok) => ok && keep && onKept?.()));
  const empty = (): void =>
    void sending.send(async () => {
      const { name, content } = await download("GET", template);
      saveFile(name, content);
    });
  return (
    <Dialog title={title} onClose={onClose}>
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
        {seen && <div role="status">{children(seen)} {seen.kept && <p>{t("import.done")}</p>}</div>}
        {seen && seen.fault_count > 0 && (
          <>
            <p>{t("import.nFaults", { n: seen.fault_count })}</p>
            <Table
              name={t("import.faults")}
              columns={[
                { key: "sheet", head: t("import.sheet"), isHead: true, cell: (f) => f.sheet || "–" },
                { key: "row", head: t("import.row"), isNumber: true, cell: (f) => f.row || "–" },
                { key: "column", head: t("import.column"), cell: (f) => f.column || "–" },
                { key: "message", head: t("import.message"), isText: true, cell: (f) => sentence(lang, f.message) ?? f.message },
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
