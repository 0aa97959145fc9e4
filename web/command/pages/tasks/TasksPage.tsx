import { tasks, type Task } from "../../../client/tasks.ts";
import { useNames, useWords } from "../../parts/common.tsx";
import { mine, offered } from "../../state/mine.ts";
import { addressOf, route } from "../../state/route.ts";
import { useStore } from "../../state/store.ts";
import { Excel } from "../kit/Excel.tsx";
import { Answer } from "../kit/States.tsx";
import { Tabs } from "../kit/Tabs.tsx";
import { RespondersTab } from "./RespondersTab.tsx";
import { COLUMNS, inOrder } from "./board.ts";
import { TaskCard } from "./TaskCard.tsx";
import { TaskView } from "./TaskView.tsx";
import { useTasks } from "./useTasks.ts";

const RESPONDERS = "responders";

/** Tasks, and what can be sent. */
export default function TasksPage() {
  const t = useWords();
  const rest = useStore(route, (s) => s.rest);
  const my = useStore(mine, (s) => s.mine);
  if (offered(my, "responder.read").length === 0) return <Board id={rest} />;
  const tabs = [{ key: "", label: t("task.board") }, { key: RESPONDERS, label: t("res.title") }];
  return (
    <div className="stack">
      <header><Tabs page="tasks" name={t("page.tasks")} tabs={tabs} at={rest === RESPONDERS ? RESPONDERS : ""} /></header>
      {rest === RESPONDERS ? <RespondersTab /> : <Board id={rest} />}
    </div>
  );
}

/** The board of tasks by state, live, and the one that is looked at; on a phone the one alone. */
function Board({ id }: { id: string }) {
  const t = useWords();
  const { all, seen } = useTasks(() => tasks.list(false), () => true, "all");
  const known = all.data?.find((task) => task.id === id);
  return (
    <div className={id ? "tasks with-one" : "tasks"}>
      <section className="board" aria-label={t("task.board")}>
        <p className="buttons quiet"><Excel path="/tasks" /></p>
        <Answer of={all} isEmpty={(items) => items.length === 0} empty={t("task.none")}>
          {(items) => COLUMNS.map((c) => <Column key={c.name} name={c.name} items={items.filter((x) => c.states.includes(x.state))} at={id} />)}
        </Answer>
      </section>
      {id && (
        <section className="detail" aria-label={t("task.one")}>
          <a className="back" href={addressOf("tasks")}>{t("task.back")}</a>
          <TaskView key={id} id={id} version={known?.version ?? 0} onChanged={seen} />
        </section>
      )}
    </div>
  );
}

function Column({ name, items, at }: { name: string; items: Task[]; at: string }) {
  const names = useNames();
  const isOver = name === "over";
  return (
    <section className="column" aria-label={names("taskColumn", name)}>
      <h2>{names("taskColumn", name)} <small>{items.length}</small></h2>
      <ul>
        {inOrder(items, isOver).slice(0, 60).map((task) => (
          <li key={task.id}><TaskCard of={task} isAt={task.id === at} /></li>
        ))}
      </ul>
    </section>
  );
}
