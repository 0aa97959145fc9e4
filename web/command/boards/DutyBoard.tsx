import { useEffect } from "react";
import { duty, type DutyWatch } from "../../client/duty.ts";
import { Empty, useNames, useWords } from "../parts/common.tsx";
import { Answer } from "../pages/kit/States.tsx";
import { useAsk } from "../pages/kit/useAsk.ts";
import { When } from "../pages/kit/When.tsx";
import { nameOf, ownDesk } from "../pages/duty/shifts.ts";
import { app } from "../state/app.ts";
import { mine } from "../state/mine.ts";
import { addressOf } from "../state/route.ts";
import { useStore } from "../state/store.ts";

const EVERY_MS = 15_000;

/** The watch of the own desk: who has it, what is due, what waits to be handed over. */
export function DutyBoard() {
  const t = useWords();
  const places = useStore(mine, (s) => s.mine?.places);
  const found = useAsk(async () => {
    const own = ownDesk((await duty.desks()).items, places);
    return own ? await duty.watch(own) : false;
  }, [places]);
  const { reload } = found;
  useEffect(() => {
    const timer = setInterval(() => document.hidden || void reload(), EVERY_MS);
    return () => clearInterval(timer);
  }, [reload]);
  return (
    <section className="board-list" aria-label={t("page.duty")}>
      <header><h2>{t("page.duty")}</h2><a href={addressOf("duty")}>{t("boards.whole")}</a></header>
      <Answer of={found}>{(watch) => (watch === false ? <Empty>{t("duty.noneYours")}</Empty> : <Watch of={watch} />)}</Answer>
    </section>
  );
}

function Watch({ of }: { of: DutyWatch }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const { now, next, regulation, figures } = of;
  if (!now || !regulation) return <Empty>{t("duty.noShift")}</Empty>;
  const due = of.checks.filter((c) => c.state === "open" || c.state === "late");
  const papers = of.handovers.filter((p) => p.state !== "taken_over").length;
  return (
    <div className="duty-board">
      <h3>{t("duty.onWatch", { turn: nameOf(regulation.turns, now.turn, lang), team: now.team })}</h3>
      <p><When at={now.begin} /> – <When at={now.end} /></p>
      {now.short.map((s) => (
        <p className="wrong" role="status" key={`${s.post}${s.begin}`}>{t("duty.short", { post: nameOf(regulation.posts, s.post, lang), has: s.has, least: s.least })}</p>
      ))}
      {of.people.length === 0 ? <p className="note">{t("duty.nobody")}</p> : (
        <ul className="rows people">
          {of.people.map((p) => (
            <li key={p.account}>
              <b>{p.name}</b>
              <span className="tags">
                <span className="tag">{nameOf(regulation.posts, p.post, lang)}</span>
                <span className={p.signed === "in" ? "tag strong" : "tag"}>{t(p.signed === "in" ? "duty.signedIn" : p.signed === "out" ? "duty.signedOut" : "duty.notSigned")}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      {due.length > 0 && <h3>{t("duty.checks")}</h3>}
      <ul className="rows">
        {due.map((c) => (
          <li key={`${c.id}${c.begin}`}>
            <b>{c[lang]}</b>
            <span className="tags"><span className={c.state === "late" ? "tag late" : "tag"}>{names("dutyCheck", c.state)}</span></span>
            <small>{t("duty.dueBy")} <When at={c.due} /></small>
          </li>
        ))}
      </ul>
      <p className="tags">
        <span className="tag">{t("duty.figure.faults_open")}{t.colon}{figures.faults_open}</span>
        <span className="tag">{t("duty.figure.windows_open")}{t.colon}{figures.windows_open}</span>
        <span className="tag">{t("duty.tab.handover")}{t.colon}{papers}</span>
      </p>
      {next && <p className="note">{t("duty.next")}{t.colon}<When at={next.begin} /> · {nameOf(regulation.turns, next.turn, lang)} · {t.list(next.stints.map((s) => s.name)) || t("duty.nobody")}</p>}
    </div>
  );
}
