import { useState } from "react";
import { cases, type GrantInput } from "../../../client/cases.ts";
import { Check, Field, useNames, useWords } from "../../parts/common.tsx";
import { FormDialog } from "../kit/FormDialog.tsx";
import { SEARCHABLE } from "./fields.ts";

type Scope = "chosen" | "case" | "search";
const HOURS = [0.5, 1, 2, 4, 8, 12];
/** The longest that the server gives (docs/personal-data.md). */
const LONGEST = { read: 12, sensitive: 8, export: 1 };
/** Persons a day whom one reads alone; those of other accesses count too, which the server knows. */
const ALONE = 20;

/** Asks for access: to whom, for how long, and why. */
export function GrantDialog({ caseId, chosen, onClose, onMade }: {
  caseId: string;
  chosen: string[];
  onClose: () => void;
  onMade: () => void;
}) {
  const t = useWords();
  const names = useNames();
  const [scope, setScope] = useState<Scope>(chosen.length ? "chosen" : "case");
  const [kind, setKind] = useState<"read" | "export">("read");
  const [isSensitive, setIsSensitive] = useState(false);
  const [hours, setHours] = useState(1);
  const [reason, setReason] = useState("");
  const [fields, setFields] = useState<string[]>(["name"]);
  const longest = kind === "export" ? LONGEST.export : isSensitive ? LONGEST.sensitive : LONGEST.read;
  const scopes: Scope[] = [...(chosen.length ? ["chosen" as const] : []), ...(kind === "read" ? ["case" as const, "search" as const] : [])];
  const now = scopes.includes(scope) ? scope : scopes[0];
  const isMany = now === "chosen" && chosen.length > ALONE;
  const others = kind === "export" ? (chosen.length > 1 ? 2 : 1) : isSensitive || isMany || now === "search" ? 1 : 0;
  const body: GrantInput = {
    kind,
    data_class: isSensitive ? "sensitive" : "personal",
    hours: Math.min(hours, longest),
    reason: reason.trim(),
    subjects: now === "chosen" ? chosen : [],
    whole_case: now === "case",
    search_fields: now === "search" ? fields : [],
  };
  return (
    <FormDialog
      title={t("grant.ask")}
      submit={t("grant.send")}
      isReady={body.reason.length >= 6 && now !== undefined && (now !== "search" || fields.length > 0)}
      work={async () => {
        await cases.ask(caseId, body);
        onMade();
      }}
      onClose={onClose}
    >
      <Field label={t("grant.reason")}>
        <input value={reason} required minLength={6} maxLength={1000} autoComplete="off" onChange={(e) => setReason(e.target.value)} />
      </Field>
      <div className="pair">
        <Field label={t("grant.kind")}>
          <select value={kind} onChange={(e) => setKind(e.target.value as "read" | "export")}>
            {(["read", "export"] as const).map((k) => <option key={k} value={k}>{t(`grant.kind.${k}`)}</option>)}
          </select>
        </Field>
        <Field label={t("grant.hours")}>
          <select value={Math.min(hours, longest)} onChange={(e) => setHours(Number(e.target.value))}>
            {HOURS.filter((h) => h <= longest).map((h) => <option key={h} value={h}>{t("grant.nHours", { n: h })}</option>)}
          </select>
        </Field>
      </div>
      <fieldset>
        <legend>{t("grant.scope")}</legend>
        {scopes.map((s) => (
          <label key={s} className="check">
            <input type="radio" name="scope" checked={now === s} onChange={() => setScope(s)} />
            <span>{t(`grant.scope.${s}`, { n: chosen.length })}</span>
          </label>
        ))}
        {scopes.length === 0 && <p className="note">{t("grant.scope.none")}</p>}
        {now === "search" && (
          <div className="checks">
            {SEARCHABLE.map((f) => (
              <Check
                key={f}
                label={names("datum", f)}
                checked={fields.includes(f)}
                onChange={(on) => setFields(on ? [...fields, f] : fields.filter((x) => x !== f))}
              />
            ))}
          </div>
        )}
      </fieldset>
      <Check label={t("grant.sensitive")} checked={isSensitive} onChange={setIsSensitive} />
      <p className="note" role="status">{t(`grant.others.${others as 0 | 1 | 2}`, { n: ALONE })}</p>
    </FormDialog>
  );
}
