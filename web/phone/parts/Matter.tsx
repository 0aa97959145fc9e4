import { useState, type ReactNode } from "react";
import { useStore } from "../../command/state/store.ts";
import { note, type Attached, type Noted } from "../store/queue.ts";
import { phone, type Incident, type Item } from "../store/state.ts";
import { atOnce } from "../store/sync.ts";
import { useWords, type Word } from "../words/index.ts";
import { Checklist } from "./Checklist.tsx";
import { clock, Field, Notice } from "./common.tsx";
import { Files } from "./files.tsx";
import { SEVERITIES } from "./Report.tsx";
import { TaskSteps } from "./TaskSteps.tsx";

/** Into the queue, and out as soon as there is a network. Says what was not kept. */
export function useNoting(): [
  (noted: Noted | null, files?: Attached[], thing?: string, fileKind?: "incident.file" | "task.file") => Promise<boolean>, ReactNode,
] {
  const t = useWords();
  const [state, setState] = useState<"" | "saved" | "full">("");
  const take = async (
    noted: Noted | null, files: Attached[] = [], thing = "", fileKind: "incident.file" | "task.file" = "incident.file",
  ): Promise<boolean> => {
    try {
      await note(noted, files, thing, fileKind);
    } catch {
      setState("full");
      return false;
    }
    setState("saved");
    void atOnce();
    return true;
  };
  const said = state === "saved" ? <Notice>{t("report.saved")}</Notice>
    : state === "full" ? <Notice bad><b>{t("full.title")}</b> {t("full.note")}</Notice> : null;
  return [take, said];
}

export function Matter({ kind, id }: { kind: string; id: string }) {
  const t = useWords();
  const item = useStore(phone, (s) => s.items.find((i) => i.kind === kind && i.id === id));
  if (!item) return <p><a href="#matters">{t("app.back")}</a> {t("matters.none")}</p>;
  return (
    <article>
      <a href="#matters">{t("app.back")}</a>
      {item.task && <TaskSteps task={item.task} />}
      {item.incident && <Of incident={item.incident} item={item} />}
    </article>
  );
}

function Of({ incident: i, item }: { incident: Incident; item: Item }) {
  const t = useWords();
  const lang = useStore(phone, (s) => s.lang);
  return (
    <>
      <h1>{i.title}</h1>
      <dl>
        <dt>{t("matter.code")}</dt><dd>{i.code}</dd>
        <dt>{t("report.type")}</dt><dd>{t(`type.${i.type}`)}</dd>
        <dt>{t("report.severity")}</dt><dd>{t(`severity.${i.severity}`)}</dd>
        <dt>{t(`state.${i.state}`)}</dt><dd>{clock(Date.parse(i.since))}</dd>
        <dt>{t("matter.desk")}</dt><dd>{i.desk_name[lang] ?? i.desk}</dd>
        {i.lat !== null && i.lon !== null && <><dt>{t("matter.place")}</dt><dd>{i.lat.toFixed(5)}, {i.lon.toFixed(5)}</dd></>}
      </dl>
      <Checklist of={item} incident={i} />
      {i.state !== "closed" && <>
        {item.may_edit && <Edit incident={i} />}
        <Add id={i.id} version={i.version} />
        <AddFiles id={i.id} />
      </>}
    </>
  );
}

/** Opened with what stood there: that goes along, so that nobody's change is overwritten unseen. */
function Edit({ incident }: { incident: Incident }) {
  const t = useWords();
  const [was] = useState({ title: incident.title, severity: incident.severity });
  const [title, setTitle] = useState(was.title);
  const [severity, setSeverity] = useState<string>(was.severity);
  const [take, said] = useNoting();
  const fields = { ...(title !== was.title ? { title } : {}), ...(severity !== was.severity ? { severity } : {}) };
  const seen = Object.fromEntries(Object.keys(fields).map((n) => [n, was[n as "title"]]));
  return (
    <details>
      <summary>{t("matter.edit")}</summary>
      <Field label={t("field.title")}><textarea rows={3} value={title} onChange={(e) => setTitle(e.target.value)} /></Field>
      <Field label={t("field.severity")}>
        <select value={severity} onChange={(e) => setSeverity(e.target.value)}>
          {SEVERITIES.map((name) => <option key={name} value={name}>{t(`severity.${name}` as Word)}</option>)}
        </select>
      </Field>
      {said}
      <button disabled={Object.keys(fields).length === 0}
        onClick={() => void take({ kind: "incident.edit", thing: incident.id, base: incident.version, was: seen, fields })}>
        {t("matter.edit.send")}
      </button>
    </details>
  );
}

function Add({ id, version }: { id: string; version: number }) {
  const t = useWords();
  const [text, setText] = useState("");
  const [take, said] = useNoting();
  return (
    <details>
      <summary>{t("matter.add")}</summary>
      <Field label={t("matter.add")} note={t("report.what.note")}>
        <textarea rows={3} maxLength={4000} value={text} onChange={(e) => setText(e.target.value)} />
      </Field>
      {said}
      <button disabled={!text.trim()}
        onClick={() => void take({ kind: "incident.add", thing: id, base: version, fields: { text: text.trim() } }).then((ok) => ok && setText(""))}>
        {t("matter.add.send")}
      </button>
    </details>
  );
}

function AddFiles({ id }: { id: string }) {
  const t = useWords();
  const [files, setFiles] = useState<File[]>([]);
  const [people, setPeople] = useState(false);
  const [take, said] = useNoting();
  return (
    <details>
      <summary>{t("matter.file")}</summary>
      <Files files={files} people={people} onFiles={setFiles} onPeople={setPeople} />
      {said}
      <button disabled={files.length === 0}
        onClick={() => void take(null, files.map((blob) => ({ blob, name: blob.name, people })), id).then((ok) => ok && setFiles([]))}>
        {t("matter.file.send")}
      </button>
    </details>
  );
}
