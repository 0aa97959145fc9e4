import { duty, type DutyWatch } from "../../../client/duty.ts";
import { serverNow } from "../../../client/http.ts";
import { Empty, useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { Section } from "../kit/Section.tsx";
import { Wrong } from "../kit/States.tsx";
import { useSend } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import type { Part } from "./DutyPage.tsx";
import { nameOf, stands } from "./shifts.ts";

/** Who is on watch now, who is called, what is due. */
export function Now({ watch, onChanged }: Part) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const { now, next, regulation } = watch;
  if (!now || !regulation) return <Empty>{t("duty.noShift")}</Empty>;
  return (
    <>
      <Section title={t("duty.onWatch", { turn: nameOf(regulation.turns, now.turn, lang), team: now.team })} actions={<Sign watch={watch} onChanged={onChanged} />}>
        <p className="plain"><span><When at={now.begin} /> – <When at={now.end} /></span></p>
        <Short watch={watch} />
        {watch.people.length === 0 ? <Empty>{t("duty.nobody")}</Empty> : (
          <ul className="rows people">
            {watch.people.map((p) => (
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
        {next && <p className="note">{t("duty.next")}{t.colon}<When at={next.begin} /> · {nameOf(regulation.turns, next.turn, lang)} · {t.list(next.stints.map((s) => s.name)) || t("duty.nobody")}</p>}
      </Section>
      <Section title={t("duty.calls")}>
        {watch.calls.length === 0 && <Empty>{t("duty.noCalls")}</Empty>}
        <ol className="calls">
          {watch.calls.map((c) => (
            <li key={c.after_minutes}>
              <span className="tag">{c.after_minutes === 0 ? t("duty.atOnce") : t("duty.after", { n: c.after_minutes })}</span>
              <b>{t.list(c.people.map((p) => p.name))}</b>
              <span>{t.list(c.posts.map((p) => nameOf(regulation.posts, p, lang)))}</span>
            </li>
          ))}
          {watch.beyond && <li><span className="tag">{t("duty.after", { n: watch.beyond_minutes })}</span><b>{watch.beyond[lang]}</b></li>}
        </ol>
      </Section>
      <Checks watch={watch} onChanged={onChanged} />
      <Figures watch={watch} />
    </>
  );
}

function Short({ watch }: { watch: DutyWatch }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  if (!watch.now?.short.length || !watch.regulation) return null;
  return (
    <div className="wrong" role="status">
      {watch.now.short.map((s) => (
        <b key={`${s.post}${s.begin}`}>{t("duty.short", { post: nameOf(watch.regulation!.posts, s.post, lang), has: s.has, least: s.least })}</b>
      ))}
    </div>
  );
}

/** Signing in and out of the own watch. */
function Sign({ watch, onChanged }: Part) {
  const t = useWords();
  const sending = useSend();
  const mine = watch.people.find((p) => p.account === watch.me);
  // The server takes it from an hour before the begin on.
  const isNext = watch.next !== null && stands(watch.next, watch.me) && Date.parse(watch.next.begin) - serverNow() < 3_600_000;
  if (!watch.may.includes("duty.watch") || !(mine || isNext)) return null;
  const sign = (kind: "in" | "out"): void =>
    void sending.send(async () => {
      await duty.write(watch, duty.newId(), { kind });
      onChanged();
    });
  return (
    <>
      {mine?.signed !== "in" && <button type="button" className="main-button" disabled={sending.isBusy} onClick={() => sign("in")}>{t("duty.signIn")}</button>}
      {mine?.signed === "in" && <button type="button" disabled={sending.isBusy} onClick={() => sign("out")}>{t("duty.signOut")}</button>}
      <Wrong error={sending.error} />
    </>
  );
}

function Checks({ watch, onChanged }: Part) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const sending = useSend();
  const tick = (ref: string): void =>
    void sending.send(async () => {
      await duty.write(watch, duty.newId(), { kind: "check", ref });
      onChanged();
    });
  return (
    <Section title={t("duty.checks")}>
      {watch.checks.length === 0 && <Empty>{t("duty.noChecks")}</Empty>}
      <ul className="rows checks-due">
        {watch.checks.map((c) => (
          <li key={`${c.id}${c.begin}`} className={c.state}>
            <b>{c[lang]}</b>
            <span className="tags"><span className={c.state === "late" || c.state === "missed" ? "tag late" : "tag"}>{names("dutyCheck", c.state)}</span></span>
            <small>{t("duty.dueBy")} <When at={c.due} /></small>
            {(c.state === "open" || c.state === "late") && watch.may.includes("duty.watch") && (
              <button type="button" disabled={sending.isBusy} onClick={() => tick(c.id)}>{t("duty.tick", { check: c[lang] })}</button>
            )}
          </li>
        ))}
      </ul>
      <Wrong error={sending.error} />
    </Section>
  );
}

/** Of the shift, of nobody. */
function Figures({ watch }: { watch: DutyWatch }) {
  const t = useWords();
  const figures = watch.figures;
  return (
    <Section title={t("duty.figures")}>
      <div className="figures">
        {(["entries", "checks_done", "checks_missed", "faults_open", "windows_open", "papers_waiting"] as const).map((k) => (
          <div className="figure" key={k}><b>{figures[k]}</b><span>{t(`duty.figure.${k}`)}</span></div>
        ))}
      </div>
    </Section>
  );
}
