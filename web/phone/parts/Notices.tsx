import { useEffect, useRef, useState, type FormEvent } from "react";
import { useStore } from "../../command/state/store.ts";
import { answerOf, waitingNow, type Notice } from "../store/notices.ts";
import { phone } from "../store/state.ts";
import { useWords } from "../words/index.ts";
import { clock, Field } from "./common.tsx";
import { useNoting } from "./Matter.tsx";

type Say = (notice: Notice, kind: "answered" | "declined", text?: string) => void;

/** What its user is called by, wherever one is on the page: each is read out once, and stays until it is answered. */
export function Called() {
  const t = useWords();
  const notices = useStore(phone, (s) => s.notices);
  const queue = useStore(phone, (s) => s.queue);
  const [take, said] = useNoting();
  const [done, setDone] = useState({ n: 0, isKept: true });
  const box = useRef<HTMLElement>(null);
  const open = waitingNow(notices, queue);
  const isSaid = done.n > 0 && (!done.isKept || queue.some((q) => q.kind === "notice.answer" && q.state === "waiting"));
  // The button that was pressed goes: whoever goes by keys or hears the page stays here.
  useEffect(() => {
    if (done.n > 0) box.current?.focus();
  }, [done.n]);
  if (open.length === 0 && !isSaid) return null;
  const say: Say = (notice, kind, text = "") =>
    void take({ kind: "notice.answer", thing: notice.id, fields: { kind, ...(text ? { text } : {}) } }).then((isKept) =>
      setDone({ n: done.n + 1, isKept }),
    );
  return (
    <section ref={box} className="called" aria-label={t("told.called")} tabIndex={-1}>
      {open.length > 0 && <h2>{t("told.waiting", { n: open.length })}</h2>}
      {open.map((n) => <Call key={n.id} notice={n} say={say} />)}
      {isSaid && said}
    </section>
  );
}

function Call({ notice: n, say }: { notice: Notice; say: Say }) {
  const t = useWords();
  const lang = useStore(phone, (s) => s.lang);
  const task = useStore(phone, (s) => s.items.find((i) => i.kind === "task" && `task:${i.id}` === n.thing));
  const [isDeclining, setDeclining] = useState(false);
  const [why, setWhy] = useState("");
  const decline = (event: FormEvent): void => {
    event.preventDefault();
    say(n, "declined", why.trim());
  };
  return (
    <article>
      <p role="alert" className="words">{n[lang]}</p>
      <p><small>{t("told.from", { who: n.made_by, time: clock(Date.parse(n.made)) })}</small></p>
      {task ? <a className="main" href={`#task/${task.id}`}>{t("told.task")}</a>
        : !n.wants_answer ? <button className="main" onClick={() => say(n, "answered")}>{t("told.read")}</button>
        : isDeclining ? (
          <form onSubmit={decline}>
            <Field label={t("told.why")}>
              <textarea rows={2} value={why} required maxLength={300} autoFocus onChange={(e) => setWhy(e.target.value)} />
            </Field>
            <button type="submit" disabled={!why.trim()}>{t("told.decline")}</button>
            <button type="button" onClick={() => setDeclining(false)}>{t("app.back")}</button>
          </form>
        ) : (
          <p className="row">
            <button className="main" onClick={() => say(n, "answered")}>{t("told.take")}</button>
            <button onClick={() => setDeclining(true)}>{t("told.decline")}</button>
          </p>
        )}
    </article>
  );
}

/** Those of the last day that wait for nothing, with what became of each. */
export function PastNotices() {
  const t = useWords();
  const lang = useStore(phone, (s) => s.lang);
  const notices = useStore(phone, (s) => s.notices);
  const queue = useStore(phone, (s) => s.queue);
  const open = new Set(waitingNow(notices, queue).map((n) => n.id));
  const past = notices.items.filter((n) => !open.has(n.id));
  if (past.length === 0) return null;
  return (
    <section aria-label={t("told.past")}>
      <h2>{t("told.past")}</h2>
      <ul className="cards">
        {past.map((n) => (
          <li key={n.id} className="entry">
            <b>{n[lang]}</b>
            <small>{t("told.from", { who: n.made_by, time: clock(Date.parse(n.made)) })}</small>
            <small><Became notice={n} /></small>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Became({ notice: n }: { notice: Notice }) {
  const t = useWords();
  const queue = useStore(phone, (s) => s.queue);
  const waits = answerOf(n, queue);
  if (waits) return <>{t(`told.mine.${waits}`)} · {t("told.unsent")}</>;
  if (n.mine) return <>{t(n.wants_answer ? `told.mine.${n.mine}` : "told.isRead")}</>;
  return <>{n.state === "answered" ? t("told.by", { who: n.by ?? "" }) : t(`told.state.${n.state}`)}</>;
}
