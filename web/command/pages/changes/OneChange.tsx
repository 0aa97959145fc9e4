import { changes, type ChangeState } from "../../../client/changes.ts";
import type { Change } from "../../../client/types.ts";
import { useNames, useWords } from "../../parts/common.tsx";
import { app, toast } from "../../state/app.ts";
import { me } from "../../state/me.ts";
import { useStore } from "../../state/store.ts";
import { Wrong } from "../kit/States.tsx";
import { useSend } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { AboutAlert } from "./AboutAlert.tsx";
import { Decide } from "./Decide.tsx";
import { differences, kindOf, namedBy, nameOf } from "./difference.ts";
import type { Lang } from "../../../words/index.ts";
import { Sketch } from "./Sketch.tsx";

/** Rules and kinds are words of the page, all else names itself. */
function nameIn(change: Change, names: ReturnType<typeof useNames>, lang: Lang): string {
  const kind = kindOf(change);
  if (kind === "settings") return names("rule", change.thing.slice("settings:".length));
  if (kind === "shelf") return `${names("rule", String(change.after?.rule))} · ${names("kind", String(change.after?.kind))}`;
  return nameOf(change, lang);
}

/** One change with before and after in words, and what the reader may do about it. */
export function OneChange({ change, onDone }: { change: Change; onDone: () => void }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const login = useStore(me, (s) => s.me?.login);
  const kind = kindOf(change);
  const mayDecide = change.may_decide;
  const name = nameIn(change, names, lang);
  const isOwn = change.proposed_by === login;
  const atStart = change.state === "at_start";
  const isOpen = change.state === "waiting" || atStart;
  const said = (text: string): void => {
    toast({ tone: "ok", text });
    onDone();
  };
  return (
    <article className="card" aria-label={name}>
      <header>
        <h3>{name}</h3>
        <span className="tag">{t(`change.kind.${kind}`)}</span>
        <span className={isOpen ? "tag strong" : "tag"}>{t(`change.state.${change.state as ChangeState}`)}</span>
      </header>
      <p>
        {atStart ? t("change.atStart") : t("change.by", { name: namedBy(change.names, change.proposed_by) })} · <When at={change.proposed} />
      </p>
      <p><b>{t("change.blinder")}</b> {change.blinder.map((r) => r[lang]).join(lang === "zh" ? "；" : "; ")}</p>
      {kind === "alert" && <AboutAlert id={change.thing.slice("alert:".length)} />}
      {!atStart && <blockquote>{change.why}</blockquote>}
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
                <th scope="row">{d.label ?? t(`change.part.${d.part}`)}</th>
                <td>{d.before}</td>
                <td>{d.after}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {kind === "geofence" && <Sketch change={change} label={t("change.sketch")} />}
      </div>
      {change.decided && (
        <p>
          {change.decided_by ? t("change.decidedBy", { name: namedBy(change.names, change.decided_by) }) : t("change.state.lapsed")} · <When at={change.decided} />
          {change.note && <> · {change.note}</>}
        </p>
      )}
      {isOpen && isOwn && <TakeBack id={change.id} said={said} />}
      {isOpen && !isOwn && mayDecide && (
        <Decide
          yes={t("change.agree")}
          no={atStart ? undefined : t("change.refuse")}
          work={async (agree, note) => {
            await changes.decide(change.id, agree, note);
            said(t(agree ? "change.did.made" : "change.did.refused"));
          }}
        />
      )}
      {atStart && mayDecide && <p className="note">{t("change.atStart.note")}</p>}
      {isOpen && !isOwn && !mayDecide && <p className="note">{t("change.notYours")}</p>}
    </article>
  );
}

function TakeBack({ id, said }: { id: string; said: (text: string) => void }) {
  const t = useWords();
  const sending = useSend();
  const back = (): void => void sending.send(() => changes.takeBack(id)).then((ok) => ok && said(t("change.did.taken_back")));
  return (
    <>
      <p className="note">{t("change.own")}</p>
      <Wrong error={sending.error} />
      <div className="buttons">
        <button type="button" disabled={sending.isBusy} onClick={back}>{t("change.takeBack")}</button>
      </div>
    </>
  );
}
