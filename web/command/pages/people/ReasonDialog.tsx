import { useState } from "react";
import { people, type UserDetail } from "../../../client/people.ts";
import { Field, useWords } from "../../parts/common.tsx";
import { toast } from "../../state/app.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import type { Act } from "./UserView.tsx";

/** What is done about an account, and why; all but a suspension waits for a second person. */
export function ReasonDialog({ act, user, onClose, onDone }: { act: Act; user: UserDetail; onClose: () => void; onDone: () => void }) {
  const t = useWords();
  const [reason, setReason] = useState("");
  const work = async (): Promise<void> => {
    const answer = await people[act](user.id, reason.trim());
    onDone();
    if ("proposed_by" in answer) toast({ tone: "ok", text: t("change.waits"), remedy: t("user.waits.text") });
  };
  return (
    <FormDialog title={t(`user.act.${act}`)} submit={t(`user.act.${act}`)} isReady={reason.trim() !== ""} work={work} onClose={onClose}>
      <p>{user.name} ({user.login})</p>
      <Field label={t("action.reason")}>
        <input value={reason} required maxLength={1000} autoComplete="off" onChange={(e) => setReason(e.target.value)} />
      </Field>
      <p className="note">{t(`user.act.${act}.note`)}</p>
    </FormDialog>
  );
}
