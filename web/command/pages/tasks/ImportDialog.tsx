import { tasks } from "../../../client/tasks.ts";
import { useWords } from "../../parts/common.tsx";
import { SheetDialog } from "../kit/SheetDialog.tsx";

/** Responders from an Excel file. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const t = useWords();
  return (
    <SheetDialog title={t("task.import")} template="/responders/template.xlsx" look={tasks.bringIn} onClose={onClose}>
      {(seen) => <p>{t("task.import.counts", { rows: seen.rows, added: seen.added, changed: seen.changed })}</p>}
    </SheetDialog>
  );
}
