import { useEffect, useRef, useState, type FormEvent } from "react";
import { uuid7 } from "../../client/uuid7.ts";
import { useStore } from "../../command/state/store.ts";
import { all, drop, put } from "../store/idb.ts";
import { note, saved, type Noted } from "../store/queue.ts";
import { phone, type Draft } from "../store/state.ts";
import { atOnce } from "../store/sync.ts";
import { useWords, type Word } from "../words/index.ts";
import { Field, Notice, saveFile } from "./common.tsx";
import { Files } from "./files.tsx";
import { degrees, Place } from "./Place.tsx";

export const TYPES = ["smuggling", "rescue", "collision", "fire", "storm", "landing", "epidemic", "pollution", "neighbourhood", "other"];
export const SEVERITIES = ["ordinary", "serious", "major", "extreme"];

const empty = (account: string): Draft => ({
  id: uuid7(), account, people: false, files: [],
  fields: { type: "other", severity: "ordinary", title: "", lat: "", lon: "" },
});

/** A report is a draft until it is sent; several may lie about, each kept as it is typed. */
export function Report() {
  const t = useWords();
  const me = useStore(phone, (s) => s.me)!;
  const drafts = useStore(phone, (s) => s.drafts);
  const [draft, setDraft] = useState<Draft>(() => empty(me.id));
  const [state, setState] = useState<"" | "saved" | "full" | "busy">("");
  const kept = useRef(false);

  const load = async (): Promise<Draft[]> => {
    const found = (await all<Draft>("drafts")).filter((d) => d.account === me.id);
    phone.set({ drafts: found });
    return found;
  };
  useEffect(() => void load().then((found) => {
    const last = found.at(-1);
    if (last) setDraft(last);
    kept.current = true;
  }), []);

  const change = (more: Partial<Draft>): void => {
    const next = { ...draft, ...more };
    setDraft(next);
    setState("");
    // Where the disk is full the form still holds it; what is told is told when it is to be sent.
    if (kept.current) void put("drafts", next).then(load).catch(() => undefined);
  };
  const field = (name: string, value: string): void => change({ fields: { ...draft.fields, [name]: value } });
  const text = (name: string): string => String(draft.fields[name] ?? "");

  const noted = (): Noted => ({
    kind: "incident.report",
    fields: {
      type: text("type"), severity: text("severity"), title: text("title").trim(), lat: degrees(text("lat")), lon: degrees(text("lon")),
    },
  });
  const attached = () => draft.files.map((blob) => ({ blob, name: blob instanceof File ? blob.name : "", people: draft.people }));

  async function send(event?: FormEvent): Promise<void> {
    event?.preventDefault();
    setState("busy");
    try {
      await note(noted(), attached());
    } catch {
      return setState("full");
    }
    await drop("drafts", draft.id).catch(() => undefined);
    await load();
    setDraft(empty(me.id));
    setState("saved");
    void navigator.storage?.persist?.();
    void atOnce();
  }

  async function toFile(): Promise<void> {
    const id = uuid7();
    const { kind, fields } = noted();
    const record = { id, kind, thing: id, base: 0, was: {}, fields, made_at: new Date().toISOString() };
    saveFile(await saved([{ record, files: attached() }]));
  }

  return (
    <section aria-label={t("report.title")}>
      <h1>{t("report.title")}</h1>
      {drafts.length > 0 && (
        <details>
          <summary>{t("report.drafts", { n: drafts.length })}</summary>
          <ul className="cards">
            {drafts.map((d) => (
              <li key={d.id}><button onClick={() => setDraft(d)}>{String(d.fields.title) || t("report.draft")}</button></li>
            ))}
          </ul>
          <button onClick={() => setDraft(empty(me.id))}>{t("report.new")}</button>
          <button onClick={() => void drop("drafts", draft.id).then(load).then(() => setDraft(empty(me.id)))}>{t("report.drop")}</button>
        </details>
      )}
      {state === "saved" && <Notice>{t("report.saved")}</Notice>}
      <form onSubmit={(e) => void send(e)}>
        <Field label={t("report.what")} note={t("report.what.note")}>
          <textarea value={text("title")} required maxLength={4000} rows={4} onChange={(e) => field("title", e.target.value)} />
        </Field>
        <Field label={t("report.type")}>
          <select value={text("type")} onChange={(e) => field("type", e.target.value)}>
            {TYPES.map((name) => <option key={name} value={name}>{t(`type.${name}` as Word)}</option>)}
          </select>
        </Field>
        <Field label={t("report.severity")}>
          <select value={text("severity")} onChange={(e) => field("severity", e.target.value)}>
            {SEVERITIES.map((name) => <option key={name} value={name}>{t(`severity.${name}` as Word)}</option>)}
          </select>
        </Field>
        <Place value={{ lat: text("lat"), lon: text("lon") }} onChange={(p) => change({ fields: { ...draft.fields, ...p } })} />
        <Files files={draft.files as File[]} people={draft.people} onFiles={(files) => change({ files })} onPeople={(people) => change({ people })} />
        {state === "full" && (
          <Notice bad>
            <b>{t("full.title")}</b> {t("full.note")}
            <button type="button" onClick={() => void toFile()}>{t("full.export")}</button>
            <button type="button" onClick={() => void send()}>{t("full.try")}</button>
          </Notice>
        )}
        <button className="main" disabled={state === "busy"}>{t("report.send")}</button>
      </form>
    </section>
  );
}
