import { useEffect, useState } from "react";
import { call } from "../../client/http.ts";
import { useStore } from "../../command/state/store.ts";
import { phone, type Task } from "../store/state.ts";
import { useWords } from "../words/index.ts";
import { clock, Field } from "./common.tsx";
import { Files } from "./files.tsx";
import { useNoting } from "./Matter.tsx";
import { Voice } from "./Voice.tsx";

/** What who was sent may say next, by the task's state. */
const NEXT: Record<string, string[]> = {
  offered: ["accept", "refuse"], accepted: ["set_out", "arrive", "refuse"], en_route: ["arrive", "refuse"], on_scene: ["finish", "refuse"],
};
const INTO: Record<string, string> = { accept: "accepted", set_out: "en_route", arrive: "on_scene", finish: "done", refuse: "refused" };
const TEXT: Record<string, "reason" | "found"> = { refuse: "reason", finish: "found" };

/** The state follows what waits in the queue too: offline one goes on as if it had been heard. */
export function TaskSteps({ task }: { task: Task }) {
  const t = useWords();
  const queue = useStore(phone, (s) => s.queue);
  const [text, setText] = useState("");
  const [take, said] = useNoting();
  const waiting = queue.filter((q) => q.kind === "task.step" && q.thing === task.id && q.state === "waiting");
  const state = waiting.reduce((now, q) => INTO[String(q.record.fields.kind)] ?? now, task.state as string);
  const steps = NEXT[state] ?? [];
  return (
    <section aria-label={t("matters.tasks")}>
      <h1>{task.what}</h1>
      <p>{t(`task.${state as "offered"}`)} · {task.code}</p>
      <p>{task.incident.title}</p>
      {task.lat !== null && task.lon !== null && <p>{task.lat.toFixed(5)}, {task.lon.toFixed(5)}</p>}
      {steps.length > 0 && (
        <Field label={t(state === "on_scene" ? "task.found" : "task.refuse.why")}>
          <textarea rows={2} value={text} onChange={(e) => setText(e.target.value)} />
        </Field>
      )}
      {said}
      <p className="row">
        {steps.map((kind) => (
          <button key={kind} className={kind === "refuse" ? "" : "main"} disabled={kind in TEXT && !text.trim()}
            onClick={() => void take({
              kind: "task.step", thing: task.id, base: task.version,
              fields: { kind, ...(kind in TEXT ? { [TEXT[kind]!]: text.trim() } : {}) },
            }).then((ok) => ok && setText(""))}>
            {t(`task.${kind as "accept"}`)}
          </button>
        ))}
      </p>
      <Attach id={task.id} />
      {state !== "offered" && state in NEXT && <Share responder={task.responder.id} />}
    </section>
  );
}

/** Photos, videos, documents and voice notes for the task; without a network they wait. */
function Attach({ id }: { id: string }) {
  const t = useWords();
  const [files, setFiles] = useState<File[]>([]);
  const [people, setPeople] = useState(false);
  const [take, said] = useNoting();
  return (
    <details>
      <summary>{t("task.attach")}</summary>
      <Voice onMade={(file) => setFiles((now) => [...now, file])} />
      <Files files={files} people={people} onFiles={setFiles} onPeople={setPeople} />
      {said}
      <button disabled={files.length === 0}
        onClick={() => void take(null, files.map((blob) => ({ blob, name: blob.name, people })), id, "task.file").then((ok) => ok && setFiles([]))}>
        {t("matter.file.send")}
      </button>
    </details>
  );
}

/** Only while the user has it on, the task is accepted and not over and the page is seen; the server keeps the last one. */
function Share({ responder }: { responder: string }) {
  const t = useWords();
  const [on, setOn] = useState(false);
  const [sentMs, setSentMs] = useState(0);
  useEffect(() => {
    if (!on) return;
    let last = 0;
    const watch = navigator.geolocation.watchPosition(({ coords, timestamp }) => {
      if (Date.now() - last < 15_000) return;
      last = Date.now();
      const at = new Date(Math.min(timestamp, Date.now())).toISOString();
      const body = { lon: coords.longitude, lat: coords.latitude, at, source: "phone" };
      call("POST", `/responders/${responder}/position`, body).then(() => setSentMs(Date.now()), () => undefined);
    }, () => setOn(false), { enableHighAccuracy: true });
    return () => navigator.geolocation.clearWatch(watch);
  }, [on, responder]);
  return (
    <p>
      <label className="check"><input type="checkbox" checked={on} onChange={(e) => setOn(e.target.checked)} />{t("task.share")}</label>
      <small>{sentMs ? t("task.shared", { time: clock(sentMs) }) : t("task.share.note")}</small>
    </p>
  );
}
