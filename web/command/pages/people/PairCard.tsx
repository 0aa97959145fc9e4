import { useState } from "react";
import { people, type AccountChange } from "../../../client/people.ts";
import { useWords } from "../../parts/common.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import type { Word } from "../../../words/index.ts";
import { app, toast } from "../../state/app.ts";
import { mine, offered } from "../../state/mine.ts";
import { useStore } from "../../state/store.ts";
import { Decide } from "../changes/Decide.tsx";
import { Wrong } from "../kit/States.tsx";
import { useSend } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { OnceLink } from "./OnceLink.tsx";

/** A change of an account: a second person agrees or refuses. */
export function PairCard({ change, onDone }: { change: AccountChange; onDone: () => void }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const mayDecide = offered(useStore(mine, (s) => s.mine), "user.write").length > 0;
  const sending = useSend();
  const [link, setLink] = useState<string | null>(null);
  const waits = change.state === "waiting";
  const role = change.role;
  return (
    <article className="card" aria-label={`${t(`pair.${change.kind}`)}: ${change.name}`}>
      <header>
        <h3>{t(`pair.${change.kind}`)}</h3>
        <span className={waits ? "tag strong" : "tag"}>{t(`change.state.${change.state}`)}</span>
      </header>
      <p>
        {change.name} ({change.login})
        {role && <> · <b>{t(`role.${role.role}` as Word)}</b> · {role.unit_name?.[lang] ?? role.unit}{" · "}{role.agency ? (role.agency_name?.[lang] ?? role.agency) : t("role.withoutAgency")}</>}
      </p>
      {role && <p>{t("role.from")} <When at={role.valid_from} /> · {t("role.to")} {role.valid_to ? <When at={role.valid_to} /> : t("change.always")}</p>}
      <p>{t("change.by", { name: change.proposed_by })} · <When at={change.proposed} /></p>
      <blockquote>{change.why}</blockquote>
      {change.decided && (
        <p>{change.decided_by ? t("change.decidedBy", { name: change.decided_by }) : t("change.state.lapsed")} · <When at={change.decided} />{change.note && <> · {change.note}</>}</p>
      )}
      {waits && change.mine && (
        <>
          <p className="note">{t("change.own")}</p>
          <Wrong error={sending.error} />
          <div className="buttons">
            <button type="button" disabled={sending.isBusy} onClick={() => void sending.send(() => people.takeBack(change.id)).then((ok) => ok && onDone())}>{t("change.takeBack")}</button>
          </div>
        </>
      )}
      {waits && !change.mine && mayDecide && (
        <Decide
          yes={t("change.agree")}
          no={t("change.refuse")}
          work={async (agree, note) => {
            const answer = await people.decide(change.id, agree, note);
            toast({ tone: "ok", text: t(agree ? "change.did.made" : "change.did.refused") });
            if (answer.link) setLink(answer.link);
            else onDone();
          }}
        />
      )}
      {link && (
        <Dialog title={t("user.newLink")} onClose={onDone}>
          <div className="dialog-body"><OnceLink link={link} /></div>
        </Dialog>
      )}
    </article>
  );
}
