import { useEffect, useRef, useState } from "react";
import { cases, type Grant, type Subject } from "../../../client/cases.ts";
import { Empty, Field, useNames, useWords } from "../../parts/common.tsx";
import { toast } from "../../state/app.ts";
import { mine, offered } from "../../state/mine.ts";
import { useStore } from "../../state/store.ts";
import { csv, saveFile } from "../kit/save.ts";
import { Wrong } from "../kit/States.tsx";
import { useSend } from "../kit/useAsk.ts";
import { countdown, useSecondsUntil } from "../kit/When.tsx";
import { fieldsOf } from "./fields.ts";
import { CorrectPerson } from "./CorrectPerson.tsx";
import { handOver } from "./handOver.ts";
import { PersonTable } from "./Persons.tsx";

/** Plain fields under a grant, with the time that is left; at its end they hide themselves. */
export function UseGrant({ grant, persons, onCorrected, onClose }: {
  grant: Grant;
  persons: Subject[];
  onCorrected: () => Promise<void>;
  onClose: () => void;
}) {
  const t = useWords();
  const names = useNames();
  const left = useSecondsUntil(grant.until);
  const sending = useSend();
  const [plain, setPlain] = useState<Subject[] | null>(null);
  const [found, setFound] = useState<Subject[] | null>(null);
  const [field, setField] = useState(grant.search_fields[0] ?? "");
  const [value, setValue] = useState("");
  const [wrong, setWrong] = useState<Subject | null>(null);
  const mayCorrect = offered(useStore(mine, (s) => s.mine), "intake.write").length > 0;
  const isOver = left === 0;
  useEffect(() => {
    if (!isOver) return;
    setPlain(null);
    setFound(null);
    setWrong(null);
  }, [isOver]);

  const search = (by: string, text: string): void =>
    void sending.send(async () => {
      setPlain(null);
      setFound((await cases.search(grant.id, by, text)).items);
    });
  const isTaken = useRef(false);
  useEffect(() => {
    const waiting = handOver.get();
    if (waiting.grant !== grant.id || isTaken.current) return;
    isTaken.current = true; // once, also where effects run twice
    handOver.set({ grant: "", search: null });
    if (waiting.search) search(waiting.search.field, waiting.search.value);
    else reveal(grant.subjects);
  }, []);

  const ids = found ? found.map((p) => p.id) : grant.whole_case ? persons.map((p) => p.id) : grant.subjects;
  function reveal(who: string[]): void {
    void sending.send(async () => setPlain((await cases.reveal(grant.id, who)).items));
  }
  const take = (): void =>
    void sending.send(async () => {
      const rows = (await cases.exported(grant.id, ids)).items;
      const fields = fieldsOf(rows);
      saveFile(`case-${grant.case}.csv`, csv([["id", ...fields], ...rows.map((r) => [r.id, ...fields.map((f) => (r.fields[f] === null ? t("person.unreadable") : (r.fields[f] ?? "")))])]));
    });

  if (isOver) return <p className="note" role="status">{t("grant.over")}</p>;
  const isExport = grant.kind === "export";
  return (
    <div className="use" role="group" aria-label={t("grant.use")}>
      <p className="left">
        <span>{t("grant.left")}</span> <b role="timer">{countdown(left)}</b>
        <button type="button" onClick={onClose}>{t("grant.hide")}</button>
      </p>
      {grant.search_fields.length > 0 && (
        <form
          className="inline"
          onSubmit={(e) => {
            e.preventDefault();
            search(field, value.trim());
          }}
        >
          <Field label={t("grant.searchBy")}>
            <select value={field} onChange={(e) => setField(e.target.value)}>
              {grant.search_fields.map((f) => <option key={f} value={f}>{names("datum", f)}</option>)}
            </select>
          </Field>
          <Field label={t("grant.value")}>
            <input value={value} required maxLength={200} autoComplete="off" onChange={(e) => setValue(e.target.value)} />
          </Field>
          <button type="submit" disabled={sending.isBusy}>{t("grant.search")}</button>
        </form>
      )}
      {ids.length > 0 && !plain && (
        <div className="buttons">
          <button type="button" className="main-button" disabled={sending.isBusy} onClick={() => (isExport ? take() : reveal(ids))}>
            {isExport ? t("grant.export", { n: ids.length }) : t("grant.reveal", { n: ids.length })}
          </button>
        </div>
      )}
      <Wrong error={sending.error} />
      {found?.length === 0 && <Empty>{t("grant.nobody")}</Empty>}
      {found && found.length > 0 && !plain && <PersonTable name={t("grant.found")} rows={found} />}
      {plain && <PersonTable name={t("grant.plain")} rows={plain} correct={grant.kind === "read" && mayCorrect ? setWrong : undefined} />}
      {wrong && (
        <CorrectPerson
          person={wrong}
          work={async (fields) => {
            await cases.correct(grant.id, wrong.id, fields);
            toast({ tone: "ok", text: t("person.correct.did") });
            setPlain((await cases.reveal(grant.id, ids)).items);
            await onCorrected();
          }}
          onClose={() => setWrong(null)}
        />
      )}
    </div>
  );
}
