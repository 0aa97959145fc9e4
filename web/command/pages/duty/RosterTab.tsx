import { useEffect, useState } from "react";
import { duty, type DutyShift, type Paper, type Roster } from "../../../client/duty.ts";
import { useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { Excel } from "../kit/Excel.tsx";
import { Section } from "../kit/Section.tsx";
import { Answer } from "../kit/States.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import type { Part } from "./DutyPage.tsx";
import { PaperSteps } from "./PaperSteps.tsx";
import { LeaveDialog, OverrideDialog, SwapDialog } from "./RosterPapers.tsx";
import { RosterDialog } from "./RosterDialog.tsx";
import { RosterImport } from "./RosterImport.tsx";
import { byDay, byPost, nameOf, shiftName, stands } from "./shifts.ts";

type Open = { kind: "plan" | "import" | "leave" } | { kind: "swap" | "override"; shift: DutyShift };

/** The next fourteen days: who stands what, what lacks, and what may be done about it. */
export function RosterTab({ watch, onChanged }: Part) {
  const t = useWords();
  const roster = useAsk(() => duty.roster(watch), [watch.unit, watch.agency]);
  const papers = useAsk(async () => (await duty.papers(watch, ["swap", "leave", "override"], true)).items, [watch.unit, watch.agency]);
  const [open, setOpen] = useState<Open | null>(null);
  const again = (): void => {
    void roster.reload();
    void papers.reload();
    onChanged();
  };
  useEffect(() => void papers.reload(), [watch.figures.papers_waiting]);
  const close = (): void => setOpen(null);
  return (
    <>
      <Section
        title={t("duty.days")}
        actions={
          <>
            <Excel path={`/duty/desks/${watch.unit}/${watch.agency}/roster`} />
            {watch.may.includes("duty.watch") && <button type="button" onClick={() => setOpen({ kind: "leave" })}>{t("duty.leave")}</button>}
            {watch.may.includes("duty.plan") && <button type="button" onClick={() => setOpen({ kind: "import" })}>{t("duty.import")}</button>}
            {watch.may.includes("duty.plan") && <button type="button" className="main-button" onClick={() => setOpen({ kind: "plan" })}>{t("duty.plan")}</button>}
          </>
        }
      >
        <Answer of={roster} isEmpty={(r) => r.shifts.length === 0} empty={t("duty.noShift")}>
          {(found) => (
            <>
              <Days roster={found} watch={watch} onOpen={setOpen} />
              <Strains roster={found} />
              {open?.kind === "plan" && <RosterDialog desk={watch} before={found} onClose={close} onDone={again} />}
              {open?.kind === "leave" && <LeaveDialog watch={watch} roster={found} onClose={close} onDone={again} />}
              {open?.kind === "swap" && <SwapDialog watch={watch} roster={found} shift={open.shift} onClose={close} onDone={again} />}
              {open?.kind === "override" && <OverrideDialog watch={watch} roster={found} shift={open.shift} onClose={close} onDone={again} />}
            </>
          )}
        </Answer>
        {open?.kind === "import" && <RosterImport desk={watch} onClose={close} onDone={again} />}
      </Section>
      <Section title={t("duty.papers")}>
        <Answer of={papers} isEmpty={(items) => items.length === 0} empty={t("duty.noPapers")}>
          {(items) => (
            <ul className="rows">
              {items.map((p) => <Line key={p.id} of={p} watch={watch} onChanged={again} isVoid={roster.data?.void_swaps.includes(p.id) ?? false} />)}
            </ul>
          )}
        </Answer>
      </Section>
    </>
  );
}

function Days({ roster, watch, onOpen }: { roster: Roster; watch: Part["watch"]; onOpen: (open: Open) => void }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const { regulation } = roster;
  const isOver = (shift: DutyShift): boolean => Date.parse(shift.end) <= Date.now();
  return (
    <div className="table" role="group" aria-label={t("duty.days")} tabIndex={0}>
      <table aria-label={t("duty.days")}>
        <thead>
          <tr>
            <th scope="col">{t("duty.day")}</th>
            <th scope="col">{t("duty.turn")}</th>
            {regulation.posts.map((p) => <th key={p.id} scope="col">{p[lang]}</th>)}
            <th scope="col"><span className="unseen">{t("duty.change")}</span></th>
          </tr>
        </thead>
        <tbody>
          {byDay(roster.shifts).map(([day, shifts]) =>
            shifts.map((shift, n) => (
              <tr key={shift.key} className={stands(shift, watch.me) ? "own" : undefined}>
                {n === 0 && <th scope="rowgroup" rowSpan={shifts.length}>{day}</th>}
                <td>{nameOf(regulation.turns, shift.turn, lang)} <small>{shift.team} · {regulation.turns.find((x) => x.id === shift.turn)?.begins}</small></td>
                {byPost(shift, regulation).map(({ post, people, isShort }) => (
                  <td key={post.id} className="text">
                    {t.list(people.map((p) => p.name + (p.why === "pattern" ? "" : ` (${t(`duty.why.${p.why}`)})`))) || "–"}
                    {isShort && <> <span className="tag late">{t("duty.lacks")}</span></>}
                  </td>
                ))}
                <td className="buttons">
                  {!isOver(shift) && stands(shift, watch.me) && watch.may.includes("duty.watch") && (
                    <button type="button" aria-label={t("duty.swapOf", { shift: shift.key })} onClick={() => onOpen({ kind: "swap", shift })}>{t("duty.swap")}</button>
                  )}
                  {!isOver(shift) && watch.may.includes("duty.plan") && (
                    <button type="button" aria-label={t("duty.overrideOf", { shift: shift.key })} onClick={() => onOpen({ kind: "override", shift })}>{t("duty.override")}</button>
                  )}
                </td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </div>
  );
}

function Strains({ roster }: { roster: Roster }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  if (roster.strains.length === 0) return null;
  return (
    <div className="wrong" role="status">
      <b>{t("duty.strains")}</b>
      {roster.strains.slice(0, 20).map((s) => (
        <span key={`${s.account}${s.at}${s.kind}`}>{t(`duty.strain.${s.kind}`, { name: s.name, shift: shiftName(s.shift, roster.regulation, lang), hours: Math.round(s.hours) })}</span>
      ))}
    </div>
  );
}

function Line({ of, watch, onChanged, isVoid }: Part & { of: Paper; isVoid: boolean }) {
  const t = useWords();
  const names = useNames();
  const doc = of.doc as Record<string, string | undefined>;
  const lang = useStore(app, (s) => s.lang);
  const who = (key: string | undefined): string => (key ? (of.names[key] ?? key) : "");
  const called = (key: string | undefined): string => (key && watch.regulation ? shiftName(key, watch.regulation, lang) : "–");
  return (
    <li>
      <b>{names("dutyPaper", of.kind)}</b>
      <span className="tags">
        <span className={of.state === "in_force" ? "tag strong" : "tag"}>{names("dutyState", of.state)}</span>
        {isVoid && <span className="tag late">{t("duty.void")}</span>}
      </span>
      {of.kind === "swap" ? (
        <small>{t("duty.swapLine", { giver: who(doc.giver), taker: who(doc.taker), gives: called(doc.gives), takes: called(doc.takes) })}</small>
      ) : (
        <small>{who(doc.account)} {doc.instead_of ? `← ${who(doc.instead_of)}` : ""} <When at={doc.from} /> – <When at={doc.until} /> {doc.reason ?? ""}</small>
      )}
      <PaperSteps of={of} watch={watch} onChanged={onChanged} />
    </li>
  );
}

