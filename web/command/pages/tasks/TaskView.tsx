import { useEffect, useState } from "react";
import { tasks, type Task, type TaskDetail, type TaskStepKind } from "../../../client/tasks.ts";
import { formatPosition } from "../../../map/position.ts";
import { Facts, useNames, useWords } from "../../parts/common.tsx";
import { mine } from "../../state/mine.ts";
import { addressOf } from "../../state/route.ts";
import { useStore } from "../../state/store.ts";
import { Section } from "../kit/Section.tsx";
import { Answer, Wrong } from "../kit/States.tsx";
import { useAsk, useSend } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { BARE, FORWARD } from "./board.ts";
import { CallTag } from "./CallTag.tsx";
import { TaskFiles } from "./TaskFiles.tsx";
import { TaskStepDialog } from "./TaskStepDialog.tsx";

/** One task, for who was sent and for who sent: what to do, the next step large, messages, the log. */
export function TaskView({ id, version, onChanged }: { id: string; version: number; onChanged: (now: Task) => void }) {
  const found = useAsk(() => tasks.one(id), [id]);
  useEffect(() => {
    if (found.data && version > found.data.version) void found.reload();
  }, [version]);
  return (
    <Answer of={found}>
      {(one) => (
        <Shown
          of={one}
          onDone={(now) => {
            onChanged(now);
            void found.reload();
          }}
        />
      )}
    </Answer>
  );
}

function Shown({ of, onDone }: { of: TaskDetail; onDone: (now: Task) => void }) {
  const t = useWords();
  const names = useNames();
  const opens = useStore(mine, (s) => s.mine?.pages.includes("incidents") ?? false);
  const place = of.lon === null || of.lat === null ? t("incident.noPlace") : formatPosition({ lon: of.lon, lat: of.lat }, 2);
  return (
    <article className="incident task">
      <header>
        <h2>{of.what || t("incident.erased")}</h2>
        <p className="tags">
          <span className="tag">{of.code}</span>
          <span className="tag strong">{names("taskState", of.state)}</span>
          <span className={`tag severity ${of.incident.severity}`}>{names("severity", of.incident.severity)}</span>
          <span className="tag">{names("incidentType", of.incident.type)}</span>
          {of.call && <CallTag of={of.call} />}
        </p>
      </header>
      <Steps of={of} onDone={onDone} />
      <Facts
        rows={[
          [t("task.responder"), of.responder.name],
          [t("incident.place"), place],
          [t("incident.one"), opens ? <a href={addressOf("incidents", of.incident.id)}>{of.incident.code} {of.incident.title}</a> : of.incident.title],
          [t("task.assigned"), <><When at={of.assigned} /> · {of.assigned_by}</>],
          [t("incident.since"), <When key="since" at={of.since} />],
          ...(of.reason ? [[t("action.reason"), of.reason] as [string, string]] : []),
          ...(of.found ? [[t("task.found"), of.found] as [string, string]] : []),
        ]}
      />
      {of.next.includes("message") && <Message of={of} onDone={onDone} />}
      <TaskFiles of={of} />
      <Section title={t("task.log")}>
        <ol className="log">
          {of.steps.map((s) => (
            <li key={s.id}>
              <When at={s.at} />
              <b>{names("taskStep", s.kind)}</b>
              <span>{s.by}</span>
              {said(s.fields) && <q>{said(s.fields)}</q>}
              {s.fields.help === true && <q>{t("call.help")}</q>}
            </li>
          ))}
        </ol>
      </Section>
    </article>
  );
}

const said = (fields: Record<string, unknown>): string =>
  ["text", "reason", "found", "what"].map((n) => fields[n]).filter((x) => typeof x === "string").join(" · ");

/** Where the roll is called its answers first; then the next along the way, then the others. */
function Steps({ of, onDone }: { of: TaskDetail; onDone: (now: Task) => void }) {
  const t = useWords();
  const names = useNames();
  const [kind, setKind] = useState<TaskStepKind | null>(null);
  const sending = useSend();
  const forward = FORWARD.filter((k) => of.next.includes(k));
  const others = of.next.filter((k) => !forward.includes(k) && k !== "message" && k !== "call_answer");
  const send = (k: TaskStepKind, more: { help?: boolean } = {}): void =>
    void sending.send(async () => onDone(await tasks.step(of.id, tasks.newId(), { kind: k, ...more })));
  if (of.next.length === 0) return null;
  return (
    <section className="steps" aria-label={t("incident.steps")}>
      {of.next.includes("call_answer") && (
        <div className="answers" role="group" aria-label={t("call.answer")}>
          <button type="button" className="main-button" disabled={sending.isBusy} onClick={() => send("call_answer")}>{t("call.well")}</button>
          <button type="button" disabled={sending.isBusy} onClick={() => send("call_answer", { help: true })}>{t("call.needHelp")}</button>
        </div>
      )}
      <div className="buttons large">
        {forward.map((k, n) => (
          <button key={k} type="button" className={n === 0 ? "main-button" : undefined} disabled={sending.isBusy} onClick={() => (BARE.has(k) ? send(k) : setKind(k))}>
            {names("taskStep", k)}
          </button>
        ))}
      </div>
      <div className="buttons quiet">
        {others.map((k) => (
          <button key={k} type="button" disabled={sending.isBusy} onClick={() => (BARE.has(k) ? send(k) : setKind(k))}>{names("taskStep", k)}</button>
        ))}
      </div>
      <Wrong error={sending.error} />
      {kind && <TaskStepDialog of={of} kind={kind} onClose={() => setKind(null)} onDone={onDone} />}
    </section>
  );
}

function Message({ of, onDone }: { of: TaskDetail; onDone: (now: Task) => void }) {
  const t = useWords();
  const [text, setText] = useState("");
  const [id, setId] = useState(tasks.newId); // the same when it is sent again
  const sending = useSend();
  return (
    <form
      className="inline message"
      onSubmit={(e) => {
        e.preventDefault();
        void sending.send(async () => {
          onDone(await tasks.step(of.id, id, { kind: "message", text: text.trim() }));
          setText("");
          setId(tasks.newId());
        });
      }}
    >
      <input aria-label={t("task.message")} placeholder={t("task.message")} value={text} maxLength={4000} autoComplete="off" onChange={(e) => setText(e.target.value)} />
      <button type="submit" disabled={sending.isBusy || text.trim() === ""}>{t("task.send")}</button>
      <Wrong error={sending.error} />
    </form>
  );
}
