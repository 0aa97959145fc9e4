import { useRef } from "react";
import { duty, rosterTemplate, type DeskRef } from "../../../client/duty.ts";
import { useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { SheetDialog } from "../kit/SheetDialog.tsx";
import { membersOf } from "./shifts.ts";

/** A roster from an Excel file: who would stand in which team, before it is put. */
export function RosterImport({ desk, onClose, onDone }: { desk: DeskRef; onClose: () => void; onDone: () => void }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const sent = useRef<{ file: File; id: string } | null>(null);
  // The same when a file is sent again, and another one for another file.
  const idOf = (file: File): string => (sent.current?.file === file ? sent.current : (sent.current = { file, id: duty.newId() })).id;
  return (
    <SheetDialog
      title={t("duty.import")} template={rosterTemplate(desk)} look={(file, keep) => duty.bringInRoster(desk, idOf(file), file, keep)}
      onClose={onClose} onKept={onDone}
    >
      {(seen) => (
        <>
          <p>{t("duty.import.says", { rows: seen.rows, day: seen.from_day ?? "–", regulation: seen.regulation?.[lang] ?? "–" })}</p>
          <ul className="rows">
            {seen.teams.map((team) => (
              <li key={team.team}>
                <b>{t("duty.team", { team: team.team })}</b> {membersOf(team, lang) || t("duty.import.nobody")}
              </li>
            ))}
          </ul>
        </>
      )}
    </SheetDialog>
  );
}
