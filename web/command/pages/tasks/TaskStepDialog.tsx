import { useState } from "react";
import { tasks, type Task, type TaskDetail, type TaskStepBody, type TaskStepKind } from "../../../client/tasks.ts";
import { Field, useNames, useWords } from "../../parts/common.tsx";
import { FormDialog } from "../kit/FormDialog.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { TEXT } from "./board.ts";

/** One step with what it takes: why, what was found, to whom, how often the roll is called. */
export function TaskStepDialog({ of, kind, onClose, onDone }: {
  of: TaskDetail;
  kind: TaskStepKind;
  onClose: () => void;
  onDone: (now: Task) => void;
}) {
  const t = useWords();
  const names = useNames();
  const [id] = useState(tasks.newId);
  const [body, setBody] = useState<Partial<TaskStepBody>>(
    kind === "edit" ? { what: of.what } : kind === "call_begin" ? { every_min: 20, within_min: 5 } : {},
  );
  const put = (more: Partial<TaskStepBody>): void => setBody((b) => ({ ...b, ...more }));
  const field = TEXT[kind];
  const isMissing = (field !== undefined && !body[field]?.trim()) || (kind === "transfer" && !body.to) || (kind === "edit" && !body.what?.trim());
  const seen = kind === "edit" ? { seen: { what: of.what } } : {};
  return (
    <FormDialog
      title={names("taskStep", kind)}
      submit={names("taskStep", kind)}
      isReady={!isMissing}
      work={async () => onDone(await tasks.step(of.id, id, { ...body, ...seen, kind }))}
      onClose={onClose}
    >
      {kind === "transfer" && <ResponderField of={of} onChange={(to) => put({ to })} />}
      {kind === "edit" && (
        <Field label={t("task.what")}>
          <textarea rows={3} value={body.what ?? ""} maxLength={4000} onChange={(e) => put({ what: e.target.value })} />
        </Field>
      )}
      {kind === "call_begin" && (
        <div className="pair">
          <Field label={t("call.every")}>
            <input type="number" min={1} max={1440} value={body.every_min ?? ""} onChange={(e) => put({ every_min: Number(e.target.value) })} />
          </Field>
          <Field label={t("call.within")}>
            <input type="number" min={1} max={1440} value={body.within_min ?? ""} onChange={(e) => put({ within_min: Number(e.target.value) })} />
          </Field>
        </div>
      )}
      {field && (
        <Field label={t(field === "found" ? "task.found" : "action.reason")}>
          <textarea rows={3} value={body[field] ?? ""} maxLength={4000} onChange={(e) => put({ [field]: e.target.value })} />
        </Field>
      )}
    </FormDialog>
  );
}

function ResponderField({ of, onChange }: { of: TaskDetail; onChange: (id: string) => void }) {
  const t = useWords();
  const names = useNames();
  const found = useAsk(() => tasks.first(of.incident.id), [of.incident.id]);
  const choices = [...(found.data?.first ?? []), ...(found.data?.near ?? [])].filter((c) => c.responder.id !== of.responder.id);
  return (
    <Field label={t("task.to")}>
      <select size={6} onChange={(e) => onChange(e.target.value)}>
        {choices.map((c) => (
          <option key={c.responder.id} value={c.responder.id} disabled={c.responder.status !== "available"}>
            {c.responder.name} · {names("responderStatus", c.responder.status)}
          </option>
        ))}
      </select>
    </Field>
  );
}
