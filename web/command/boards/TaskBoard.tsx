import { tasks } from "../../client/tasks.ts";
import { useWords } from "../parts/common.tsx";
import { Answer } from "../pages/kit/States.tsx";
import { inOrder, OVER } from "../pages/tasks/board.ts";
import { TaskCard } from "../pages/tasks/TaskCard.tsx";
import { useTasks } from "../pages/tasks/useTasks.ts";

/** Tasks under way, those who call for help or are silent first. `most`: a wall has no way to scroll. */
export function TaskBoard({ most = 100 }: { most?: number }) {
  const t = useWords();
  const { all } = useTasks(() => tasks.list(true), (task) => !OVER.has(task.state), "open");
  const open = all.data === null ? null : inOrder(all.data, false);
  return (
    <section className="board-list" aria-label={t("page.tasks")}>
      <header><h2>{t("page.tasks")}</h2>{open && <span>{open.length}</span>}</header>
      <Answer of={{ ...all, data: open }} isEmpty={(items) => items.length === 0} empty={t("boards.noTasks")}>
        {(items) => (
          <ul className="cards">
            {items.slice(0, most).map((task) => <li key={task.id}><TaskCard of={task} /></li>)}
            {items.length > most && <li className="more">{t("boards.more", { n: items.length - most })}</li>}
          </ul>
        )}
      </Answer>
    </section>
  );
}
