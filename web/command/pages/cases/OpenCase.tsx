import { useState } from "react";
import { cases, type LegalBasis, type Purpose } from "../../../client/cases.ts";
import { Field, useNames, useWords } from "../../parts/common.tsx";
import { FormDialog } from "../kit/FormDialog.tsx";
import { PlaceField, type Chosen } from "./PlaceField.tsx";

export const BASES: LegalBasis[] = ["statutory_duty", "public_health_emergency", "vital_interest", "consent", "court_order"];

export function OpenCase({ purposes, onClose, onMade }: { purposes: string[]; onClose: () => void; onMade: (id: string) => void }) {
  const t = useWords();
  const names = useNames();
  const [title, setTitle] = useState("");
  const [purpose, setPurpose] = useState(purposes[0]!);
  const [basis, setBasis] = useState<LegalBasis>("statutory_duty");
  const [place, setPlace] = useState<Chosen>({});
  return (
    <FormDialog
      title={t("case.new")}
      submit={t("case.make")}
      isReady={title.trim() !== ""}
      work={async () => onMade((await cases.open({ title: title.trim(), purpose: purpose as Purpose, legal_basis: basis, ...place })).id)}
      onClose={onClose}
    >
      <Field label={t("case.title")}>
        <input value={title} required maxLength={200} autoComplete="off" onChange={(e) => setTitle(e.target.value)} />
      </Field>
      <Field label={t("case.purpose")}>
        <select value={purpose} onChange={(e) => setPurpose(e.target.value)}>
          {purposes.map((p) => <option key={p} value={p}>{names("purpose", p)}</option>)}
        </select>
      </Field>
      <Field label={t("case.basis")}>
        <select value={basis} onChange={(e) => setBasis(e.target.value as LegalBasis)}>
          {BASES.map((b) => <option key={b} value={b}>{names("basis", b)}</option>)}
        </select>
      </Field>
      <PlaceField value={place} onChange={setPlace} />
      <p className="note">{t("case.new.note")}</p>
    </FormDialog>
  );
}
