import { useState } from "react";
import { changes, type ChangeState } from "../../../client/changes.ts";
import type { Change } from "../../../client/types.ts";
import { useWords } from "../../parts/common.tsx";
import { app, toast } from "../../state/app.ts";
import { me } from "../../state/me.ts";
import { mine, offered } from "../../state/mine.ts";
import { useStore } from "../../state/store.ts";
import { usePages } from "../kit/Pages.tsx";
import { Answer, Wrong } from "../kit/States.tsx";
import { useAsk, useSend } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { Decide } from "./Decide.tsx";
import { differences, nameOf } from "./difference.ts";
import { Sketch } from "./Sketch.tsx";

const STATES: ChangeState[] = ["waiting", "made", "refused", "taken_back", "lapsed"];

export function Waiting() {
  const t = useWords();
  const [state, setState] = useState<ChangeState>("waiting");
  const all = useAsk(() => changes.list(state), [state]);
  return (
    <>
      <div className="sieve">
        <select aria-label={t("change.state")} value={state} onChange={(e) => setState(e.target.value as ChangeState)}>
          {STATES.map((s) => <option key={s} value={s}>{t(`change.state.${s}`)}</option>)}
        </select>
      </div>
      <Answer of={all} isEmpty={(page) => page.items.length === 0} empty={t(state === "waiting" ? "change.noneWaits" : "change.none.fits")}>
        {(page) => <Cards items={page.items} onDone={() => void all.reload()} />}
      </Answer>
    </>
  );
}

function Cards({ items, onDone }: { items: Change[]; onDone: () => void }) {
  const { shown, pager } = usePages(items, 10);
  return (
    <>
      {shown.map((c) => <Card key={c.id} change={c} onDone={onDone} />)}
      {pager}
    </>
  );
}

function Card({ change, onDone }: { change: Change; onDone: () => void }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const login = useStore(me, (s) => s.me?.login);
  const mayDecide = offered(useStore(mine, (s) => s.mine), "fence.write").length > 0;
  const sending = useSend();
  const name = nameOf(change.before, lang);
  const isOwn = change.proposed_by === login;
  const waits = change.state === "waiting";
  const said = (text: string): void => {
    toast({ tone: "ok", text });
    onDone();
  };
  return (
    <article className="card" aria-label={name}>
      <header>
        <h3>{name}</h3>
        <span className={waits ? "tag strong" : "tag"}>{t(`change.state.${change.state as ChangeState}`)}</span>
      </header>
      <p>
        {t("change.by", { name: change.proposed_by })} · <When at={change.proposed} />
      </p>
      <p><b>{t("change.blinder")}</b> {change.blinder.map((r) => r[lang]).join(lang === "zh" ? "；" : "; ")}</p>
      <blockquote>{change.why}</blockquote>
      <div className="beside">
        <table className="diff" aria-label={t("change.differs")}>
          <thead>
            <tr>
              <th scope="col">{t("change.part")}</th>
              <th scope="col">{t("change.before")}</th>
              <th scope="col">{t("change.after")}</th>
            </tr>
          </thead>
          <tbody>
            {differences(change, t, lang).map((d, i) => (
              <tr key={i}>
                <th scope="row">{t(`change.part.${d.part}`)}</th>
                <td>{d.before}</td>
                <td>{d.after}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <Sketch change={change} label={t("change.sketch")} />
      </div>
      {change.decided && (
        <p>
          {change.decided_by ? t("change.decidedBy", { name: change.decided_by }) : t("change.state.lapsed")} · <When at={change.decided} />
          {change.note && <> · {change.note}</>}
        </p>
      )}
      {waits && isOwn && (
        <>
          <p className="note">{t("change.own")}</p>
          <Wrong error={sending.error} />
          <div className="buttons">
            <button type="button" disabled={sending.isBusy} onClick={() => void sending.send(() => changes.takeBack(change.id)).then((ok) => ok && said(t("change.did.taken_back")))}>
              {t("change.takeBack")}
            </button>
          </div>
        </>
      )}
      {waits && !isOwn && mayDecide && (
        <Decide
          yes={t("change.agree")}
          no={t("change.refuse")}
          work={async (agree, note) => {
            await changes.decide(change.id, agree, note);
            said(t(agree ? "change.did.made" : "change.did.refused"));
          }}
        />
      )}
      {waits && !isOwn && !mayDecide && <p className="note">{t("change.notYours")}</p>}
    </article>
  );
}
