import { useState } from "react";
import { people, type UserDetail } from "../../../client/people.ts";
import { Facts, IconButton, useWords } from "../../parts/common.tsx";
import { Answer, Wrong } from "../kit/States.tsx";
import { useAsk, useSend } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { PairCard } from "./PairCard.tsx";
import { ReasonDialog } from "./ReasonDialog.tsx";
import { UserRoles } from "./UserRoles.tsx";
import { UserSessions } from "./UserSessions.tsx";

export type Act = "suspend" | "reinstate" | "link" | "resetFactors";

/** One account: who, roles with their dates, where signed in, and what may be done about it. */
export function UserView({ id, onClose, onChanged }: { id: string; onClose: () => void; onChanged: () => void }) {
  const t = useWords();
  const user = useAsk(() => people.user(id), [id]);
  const again = (): void => {
    void user.reload();
    onChanged();
  };
  return (
    <aside className="detail" aria-label={t("user.one")}>
      <Answer of={user}>{(u) => <Shown user={u} onClose={onClose} onChanged={again} />}</Answer>
    </aside>
  );
}

function Shown({ user, onClose, onChanged }: { user: UserDetail; onClose: () => void; onChanged: () => void }) {
  const t = useWords();
  const sending = useSend();
  const [act, setAct] = useState<Act | null>(null);
  const may = user.may_change;
  const done = (work: () => Promise<unknown>): void =>
    void sending.send(async () => {
      await work();
      onChanged();
    });
  return (
    <>
      <header className="detail-head">
        <h2>{user.name}</h2>
        <IconButton icon="close" label={t("panel.close")} onClick={onClose} />
      </header>
      <Facts
        rows={[
          [t("user.login"), user.login],
          [t("user.status"), <>{t(`user.status.${user.status}`)}{user.reason && <> · {user.reason}</>}</>],
          [t("user.created"), <When at={user.created} />],
          [t("user.linkUntil"), user.link_until && <When at={user.link_until} />],
        ]}
      />
      {user.second_factor_missing && <p className="note bad">{t("user.noSecondFactor")}</p>}
      <Wrong error={sending.error} />
      {may && (
        <div className="buttons">
          {user.status === "suspended" ? (
            <button type="button" onClick={() => setAct("reinstate")}>{t("user.reinstate")}</button>
          ) : (
            <button type="button" onClick={() => setAct("suspend")}>{t("user.suspend")}</button>
          )}
          {user.status !== "suspended" && <button type="button" onClick={() => setAct("link")}>{t(user.status === "invited" ? "user.link.invite" : "user.link.password")}</button>}
          {user.factors.some((f) => f.kind !== "password") && <button type="button" onClick={() => setAct("resetFactors")}>{t("user.resetFactors")}</button>}
        </div>
      )}
      {user.waiting.map((c) => <PairCard key={c.id} change={c} onDone={onChanged} />)}
      <UserRoles user={user} done={done} isBusy={sending.isBusy} />
      <UserSessions user={user} done={done} isBusy={sending.isBusy} />
      {act && <ReasonDialog act={act} user={user} onClose={() => setAct(null)} onDone={onChanged} />}
    </>
  );
}
