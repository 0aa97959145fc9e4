import { useState } from "react";
import { useStore } from "../../command/state/store.ts";
import { opens } from "../../sync/queue.ts";
import { one } from "../store/idb.ts";
import { again, keep, loadFile, remove, restore, saved } from "../store/queue.ts";
import { phone, unsent, type Entry, type Said, type StoredFile } from "../store/state.ts";
import { atOnce } from "../store/sync.ts";
import { useWords, type Word } from "../words/index.ts";
import { clock, Field, Notice, saveFile, useSaid } from "./common.tsx";

/** What goes out, and what became of it. */
export function Queue() {
  const t = useWords();
  const queue = useStore(phone, (s) => s.queue);
  const [said, setSaid] = useState("");
  const newest = [...queue].sort((a, b) => b.n - a.n);
  const load = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    try {
      setSaid(t("queue.imported", await loadFile(file)));
      void atOnce();
    } catch (error) {
      setSaid(error instanceof DOMException ? t("full.title") : t("queue.notOurs"));
    }
  };
  return (
    <section aria-label={t("app.queue")}>
      <h1>{t("app.queue")}</h1>
      {queue.length === 0 && <p>{t("queue.none")}</p>}
      <ul className="cards">{newest.map((q) => <li key={q.id}><Row entry={q} /></li>)}</ul>
      {unsent(queue).length > 0 && (
        <button onClick={() => void saved().then(saveFile)}>{t("queue.export")}</button>
      )}
      <Field label={t("queue.import")}>
        <input type="file" accept="application/json,.json" onChange={(e) => void load(e.target.files?.[0])} />
      </Field>
      {said && <Notice>{said}</Notice>}
    </section>
  );
}

function stateOf(entry: Entry, queue: readonly Entry[], busy: boolean): Word {
  if (entry.state !== "waiting") return `queue.${entry.state}`;
  const rests = queue.some((q) => q.state === "aside" && opens(q.kind) && q.thing === entry.thing && q !== entry);
  return rests ? "queue.rests" : busy && entry.next_ms <= Date.now() ? "queue.sending" : "queue.waiting";
}

function Row({ entry }: { entry: Entry }) {
  const t = useWords();
  const saidBy = useSaid();
  const queue = useStore(phone, (s) => s.queue);
  const busy = useStore(phone, (s) => s.busy);
  const items = useStore(phone, (s) => s.items);
  const { fields } = entry.record;
  const lang = useStore(phone, (s) => s.lang);
  const seen = fields.seen as Said | undefined; // of an item of a checklist
  const forms = useStore(phone, (s) => s.forms);
  const notices = useStore(phone, (s) => s.notices);
  const notice = notices.items.find((n) => n.id === entry.thing)?.[lang];
  const form = forms.find((f) => f.id === fields.form)?.form.title;
  const item = items.find((i) => i.id === entry.thing);
  const step = entry.kind === "task.step" ? [t(`task.${String(fields.kind) as "accept"}`), item?.task?.what].filter(Boolean).join(" · ") : undefined;
  const title = form ?? notice ?? step ?? seen?.[lang] ?? fields.title ?? fields.text ?? fields.name ?? item?.incident?.title ?? item?.bulletin?.title ?? "";
  const state = stateOf(entry, queue, busy);
  const open = entry.state === "aside" || (entry.state === "conflict" && !entry.settled);
  return (
    <article className={`entry ${entry.state}`}>
      <p><b>{t(`kind.${entry.kind as "incident.report"}`)}</b> {String(title)}</p>
      <p>
        <strong>{state === "queue.sending" && !entry.bytes_ready ? <Percent entry={entry} /> : t(state)}</strong>
        <small> {clock(entry.made_ms)}</small>
      </p>
      {entry.reason && entry.state !== "sent" && <p className="reason">{saidBy(entry.reason)}</p>}
      {entry.code === "gave_up" && <p className="reason">{t("queue.gave_up")}</p>}
      {entry.clashes.length > 0 && (
        <dl>
          {entry.clashes.map((c) => (
            <div key={c.name}>
              <dt>{t(`field.${c.name as "title"}`)}</dt>
              <dd>{t("queue.yours")}<span className="yours">{shown(c.name, c.yours)}</span></dd>
              <dd>{t("queue.theirs")}<span className="theirs">{shown(c.name, c.theirs)}</span></dd>
            </div>
          ))}
        </dl>
      )}
      {entry.settled === "restored" && <p>{t("queue.restored")}</p>}
      <p className="row">
        {entry.state === "conflict" && !entry.settled && (
          <>
            <button onClick={() => void restore(entry).then(atOnce)}>{t("queue.restore")}</button>
            <button onClick={() => void keep([{ ...entry, settled: "theirs" }])}>{t("queue.keepTheirs")}</button>
          </>
        )}
        {entry.state === "aside" && <button onClick={() => void again(entry).then(atOnce)}>{t("queue.again")}</button>}
        {open && entry.state === "aside" && <button onClick={() => void remove(entry)}>{t("queue.drop")}</button>}
      </p>
    </article>
  );

  function shown(name: string, value: unknown): string {
    return name === "severity" || name === "type" ? t(`${name}.${String(value)}` as Word) : String(value ?? "");
  }
}

function Percent({ entry }: { entry: Entry }) {
  const t = useWords();
  const [percent, setPercent] = useState(0);
  void one<StoredFile>("files", String(entry.record.fields.sha256)).then((file) => {
    if (file) setPercent(Math.floor((100 * file.offset) / file.blob.size));
  });
  return <>{t("queue.uploading", { percent })}</>;
}
