import { useEffect, useState } from "react";
import { duty, type DutyEntry, type EntryKind } from "../../../client/duty.ts";
import { Field, useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { Excel } from "../kit/Excel.tsx";
import { Section } from "../kit/Section.tsx";
import { Answer, Wrong } from "../kit/States.tsx";
import { useAsk, useSend } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import type { Part } from "./DutyPage.tsx";
import { nameOf } from "./shifts.ts";

const WRITTEN: EntryKind[] = ["note", "call", "vhf", "order"];

/** The watch log, newest first: entries are added, and corrected by others. */
export function Log({ watch, onChanged }: Part) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const [more, setMore] = useState<DutyEntry[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const first = useAsk(() => duty.log(watch), [watch.unit, watch.agency]);
  const { reload } = first;
  useEffect(() => void reload(), [watch.figures.entries]);
  useEffect(() => {
    setMore([]);
    setCursor(first.data?.next_cursor ?? null);
  }, [first.data]);
  const [wrong, setWrong] = useState<DutyEntry | null>(null);
  const older = useSend();
  const mayWrite = watch.may.includes("duty.watch");
  return (
    <Section title={t("duty.tab.log")} actions={<Excel path={`/duty/desks/${watch.unit}/${watch.agency}/log`} />}>
      {mayWrite && <Write watch={watch} wrong={wrong} onLeave={() => setWrong(null)} onChanged={() => { setWrong(null); onChanged(); void reload(); }} />}
      <Answer of={first} isEmpty={(page) => page.items.length === 0} empty={t("duty.noEntries")}>
        {(page) => (
          <ol className="log">
            {[...page.items, ...more].map((e) => (
              <li key={e.id}>
                <When at={e.at} />
                <b>{names("dutyEntry", e.kind)}</b>
                <span>{e.by}</span>
                {(e.text || e.kind === "check") && <q>{e.kind === "check" ? [nameOf(watch.regulation?.checks ?? [], e.ref, lang), e.text].filter(Boolean).join(" · ") : e.text}</q>}
                {mayWrite && WRITTEN.includes(e.kind) && <button type="button" className="link-button" onClick={() => setWrong(e)}>{t("duty.correct")}</button>}
              </li>
            ))}
          </ol>
        )}
      </Answer>
      {cursor && (
        <button type="button" disabled={older.isBusy} onClick={() => void older.send(async () => {
          const page = await duty.log(watch, cursor);
          setMore([...more, ...page.items]);
          setCursor(page.next_cursor);
        })}>{t("duty.older")}</button>
      )}
    </Section>
  );
}

/** A new entry, or the correction of a `wrong` one. Ctrl+Enter writes it. */
function Write({ watch, wrong, onLeave, onChanged }: { watch: Part["watch"]; wrong: DutyEntry | null; onLeave: () => void; onChanged: () => void }) {
  const t = useWords();
  const names = useNames();
  const [id, setId] = useState(duty.newId); // the same when it is sent again
  const [kind, setKind] = useState<EntryKind>("note");
  const [text, setText] = useState("");
  const sending = useSend();
  const write = (): void =>
    void sending.send(async () => {
      await duty.write(watch, id, wrong ? { kind: "correction", ref: wrong.id, text } : { kind, text });
      setId(duty.newId());
      setText("");
      onChanged();
    });
  return (
    <form
      className="inline write"
      onSubmit={(e) => {
        e.preventDefault();
        write();
      }}
    >
      {wrong ? (
        <p>{t("duty.correcting")} <q>{wrong.text}</q> <button type="button" onClick={onLeave}>{t("duty.leaveIt")}</button></p>
      ) : (
        <Field label={t("duty.entryKind")}>
          <select value={kind} onChange={(e) => setKind(e.target.value as EntryKind)}>
            {WRITTEN.map((k) => <option key={k} value={k}>{names("dutyEntry", k)}</option>)}
          </select>
        </Field>
      )}
      <Field label={t("duty.entryText")}>
        <textarea
          rows={2} value={text} maxLength={4000} onChange={(e) => setText(e.target.value)}
          onKeyDown={(e) => e.key === "Enter" && e.ctrlKey && text.trim() && write()}
        />
      </Field>
      <button type="submit" className="main-button" disabled={!text.trim() || sending.isBusy}>{t("duty.write")}</button>
      <p className="note">{t("duty.noPersons")}</p>
      <Wrong error={sending.error} />
    </form>
  );
}
