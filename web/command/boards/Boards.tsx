import { useEffect } from "react";
import { AlertPanel } from "../parts/AlertPanel.tsx";
import { useWords } from "../parts/common.tsx";
import { board, BOARDS, type BoardName } from "../state/board.ts";
import { mine } from "../state/mine.ts";
import { useStore } from "../state/store.ts";
import { DutyBoard } from "./DutyBoard.tsx";
import { IncidentBoard } from "./IncidentBoard.tsx";
import { TaskBoard } from "./TaskBoard.tsx";

/** Beside the map one board at a time: alerts, incidents, tasks, duty, as far as they open to who has signed in. */
export function Boards() {
  const t = useWords();
  const at = useStore(board, (s) => s.at);
  const pages = useStore(mine, (s) => s.mine?.pages);
  const open = BOARDS.filter((b) => b === "alerts" || pages?.includes(b));
  useEffect(() => {
    if (!open.includes(at)) board.set({ at: "alerts" });
  }, [open.join(), at]);
  if (open.length === 1) return <div className="boards"><AlertPanel /></div>;
  return (
    <div className="boards">
      <div className="board-tabs" role="tablist" aria-label={t("boards.label")}>
        {open.map((name) => (
          <button
            key={name} type="button" role="tab" id={`tab-${name}`} aria-selected={name === at} aria-controls="board" tabIndex={name === at ? 0 : -1}
            aria-keyshortcuts={String(BOARDS.indexOf(name) + 1)} title={t("boards.key", { n: BOARDS.indexOf(name) + 1 })}
            onClick={() => board.set({ at: name })}
            onKeyDown={(e) => {
              const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
              if (step === undefined) return;
              const to = open[(open.indexOf(name) + step + open.length) % open.length]!;
              board.set({ at: to });
              document.getElementById(`tab-${to}`)?.focus();
            }}
          >
            {t(WORD[name])}
          </button>
        ))}
      </div>
      <div id="board" role="tabpanel" aria-labelledby={`tab-${at}`}>
        {at === "alerts" && <AlertPanel />}
        {at === "incidents" && <IncidentBoard />}
        {at === "tasks" && <TaskBoard />}
        {at === "duty" && <DutyBoard />}
      </div>
    </div>
  );
}

const WORD = { alerts: "alerts.title", incidents: "page.incidents", tasks: "page.tasks", duty: "page.duty" } as const satisfies Record<BoardName, string>;
