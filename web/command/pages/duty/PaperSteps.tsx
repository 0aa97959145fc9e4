import { useState } from "react";
import { duty, type Paper, type PaperStep } from "../../../client/duty.ts";
import { Field, useNames, useWords } from "../../parts/common.tsx";
import { FormDialog } from "../kit/FormDialog.tsx";
import { Wrong } from "../kit/States.tsx";
import { useSend } from "../kit/useAsk.ts";
import type { Part } from "./DutyPage.tsx";
import { offeredSteps } from "./shifts.ts";

/** Steps that say something: the field in which they do. */
const SAYS: Partial<Record<string, "reason" | "who" | "remark">> = {
  refuse: "reason", revoke: "reason", mend: "reason", reopen: "reason", note: "reason", take: "who", take_over: "remark",
};

/** What may be done with a paper next. */
export function PaperSteps({ of, watch, onChanged, leaveOut = [] }: Part & { of: Paper; leaveOut?: string[] }) {
  const names = useNames();
  const sending = useSend();
  const [step, setStep] = useState<string | null>(null);
  const steps = offeredSteps(of, watch.me, watch.may).filter((s) => !leaveOut.includes(s));
  if (steps.length === 0) return null;
  const go = (kind: string): void => {
    if (SAYS[kind]) return setStep(kind);
    void sending.send(async () => {
      await duty.step(of.id, duty.newId(), { kind: kind as PaperStep });
      onChanged();
    });
  };
  return (
    <>
      <div className="buttons">
        {steps.map((s) => <button key={s} type="button" disabled={sending.isBusy} onClick={() => go(s)}>{names(`dutyStep.${of.kind}`, s)}</button>)}
      </div>
      <Wrong error={sending.error} />
      {step && <Say of={of} kind={step} onClose={() => setStep(null)} onDone={onChanged} />}
    </>
  );
}

function Say({ of, kind, onClose, onDone }: { of: Paper; kind: string; onClose: () => void; onDone: () => void }) {
  const t = useWords();
  const names = useNames();
  const [id] = useState(duty.newId);
  const [text, setText] = useState("");
  const field = SAYS[kind]!;
  const label = names(`dutyStep.${of.kind}`, kind);
  return (
    <FormDialog
      title={label} submit={label} isReady={field === "remark" || text.trim() !== ""} onClose={onClose}
      work={async () => {
        await duty.step(of.id, id, { kind: kind as PaperStep, ...(text.trim() ? { [field]: text.trim() } : {}) });
        onDone();
      }}
    >
      <Field label={t(`duty.say.${field}`)}>
        <input value={text} maxLength={4000} autoComplete="off" onChange={(e) => setText(e.target.value)} />
      </Field>
    </FormDialog>
  );
}
