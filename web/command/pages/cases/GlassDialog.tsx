import { useState } from "react";
import { cases, type Purpose } from "../../../client/cases.ts";
import { Field, useNames, useWords } from "../../parts/common.tsx";
import { toast } from "../../state/app.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import { fieldOf, SENSITIVE } from "./fields.ts";
import { handOver } from "./handOver.ts";
import { PlaceField, type Chosen } from "./PlaceField.tsx";

/** Access at once: why, and whom. With persons chosen it opens these; else it looks for one value. */
export function GlassDialog({ purposes, ofCase = "", subjects, onClose, onMade }: {
  purposes: string[];
  /** The purpose of the case that is open. */
  ofCase?: string;
  subjects: string[];
  onClose: () => void;
  onMade: (caseId: string) => void;
}) {
  const t = useWords();
  const names = useNames();
  const [reason, setReason] = useState("");
  const [value, setValue] = useState("");
  const [purpose, setPurpose] = useState([ofCase, "emergency"].find((p) => purposes.includes(p)) ?? purposes[0]!);
  const [place, setPlace] = useState<Chosen>({});
  const by = fieldOf(value);
  const isSearch = subjects.length === 0;
  const work = async (): Promise<void> => {
    const { grant, review_due } = await cases.breakGlass({
      reason: reason.trim(),
      purpose: purpose as Purpose,
      legal_basis: "vital_interest",
      data_class: isSearch && (SENSITIVE as readonly string[]).includes(by) ? "sensitive" : "personal",
      subjects,
      search_fields: isSearch ? [by] : [],
      ...place,
    });
    handOver.set({ grant: grant.id, search: isSearch ? { field: by, value: value.trim() } : null });
    toast({ tone: "ok", text: t("glass.broken"), remedy: t("glass.broken.text", { at: review_due.slice(0, 16).replace("T", " ") }) });
    onMade(grant.case);
  };
  return (
    <FormDialog
      title={t("glass.title")}
      submit={t("glass.do")}
      isReady={reason.trim().length >= 6 && (!isSearch || value.trim() !== "")}
      work={work}
      onClose={onClose}
    >
      <p className="note bad">{t("glass.note")}</p>
      <Field label={t("glass.reason")}>
        <input value={reason} required minLength={6} maxLength={1000} autoComplete="off" onChange={(e) => setReason(e.target.value)} />
      </Field>
      {isSearch ? (
        <Field label={t("glass.whom")}>
          <input value={value} required maxLength={200} autoComplete="off" onChange={(e) => setValue(e.target.value)} />
        </Field>
      ) : (
        <p>{t("glass.chosen", { n: subjects.length })}</p>
      )}
      {isSearch && value.trim() !== "" && <p className="note" role="status">{t("glass.by", { field: names("datum", by) })}</p>}
      <PlaceField value={place} onChange={setPlace} />
      {purposes.length > 1 && (
        <details>
          <summary>{t("glass.purpose", { purpose: names("purpose", purpose) })}</summary>
          <Field label={t("case.purpose")}>
            <select value={purpose} onChange={(e) => setPurpose(e.target.value)}>
              {purposes.map((p) => <option key={p} value={p}>{names("purpose", p)}</option>)}
            </select>
          </Field>
        </details>
      )}
    </FormDialog>
  );
}
