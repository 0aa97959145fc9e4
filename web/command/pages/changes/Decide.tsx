import { useState } from "react";
import { Field, useWords } from "../../parts/common.tsx";
import { Wrong } from "../kit/States.tsx";
import { useSend } from "../kit/useAsk.ts";

/** Yes or no (where there is a no) with a reason: the no needs one, and where `least` characters are asked for, the yes too. */
export function Decide({ yes, no, least = 0, work }: {
  yes: string;
  no: string | undefined;
  least?: number;
  work: (agree: boolean, note: string) => Promise<unknown>;
}) {
  const t = useWords();
  const [note, setNote] = useState("");
  const [isMissing, setIsMissing] = useState(false);
  const sending = useSend();
  const decide = (agree: boolean): void => {
    if (note.trim().length < (agree ? least : Math.max(1, least))) return setIsMissing(true);
    setIsMissing(false);
    void sending.send(() => work(agree, note.trim()));
  };
  return (
    <form
      className="decide"
      onSubmit={(e) => {
        e.preventDefault();
        decide(true);
      }}
    >
      <Field label={t("action.reason")} error={isMissing ? t(least > 1 ? "denied.reason" : "change.noNeedsReason") : undefined}>
        <input value={note} maxLength={1000} autoComplete="off" onChange={(e) => setNote(e.target.value)} />
      </Field>
      <Wrong error={sending.error} />
      <div className="buttons">
        <button type="submit" className="main-button" disabled={sending.isBusy}>{yes}</button>
        {no && <button type="button" disabled={sending.isBusy} onClick={() => decide(false)}>{no}</button>}
      </div>
    </form>
  );
}
