import type { Task } from "../../../client/tasks.ts";
import { useNames, useWords } from "../../parts/common.tsx";
import { addressOf } from "../../state/route.ts";
import { When } from "../kit/When.tsx";
import { CallTag } from "./CallTag.tsx";

/** A task in a list, and the way to it. */
export function TaskCard({ of, isAt = false }: { of: Task; isAt?: boolean }) {
  const t = useWords();
  const names = useNames();
  return (
    <a className="task-card" href={addressOf("tasks", of.id)} aria-current={isAt ? "true" : undefined}>
      <b>{of.responder.name}</b>
      <span>{of.what || t("incident.erased")}</span>
      <span className="tags">
        {of.is_mine && <span className="tag strong">{t("task.mine")}</span>}
        <span className="tag">{names("taskState", of.state)}</span>
        <span className={`tag severity ${of.incident.severity}`}>{names("severity", of.incident.severity)}</span>
        {of.call && <CallTag of={of.call} />}
      </span>
      <small>{of.code} · <When at={of.since} /></small>
    </a>
  );
}
