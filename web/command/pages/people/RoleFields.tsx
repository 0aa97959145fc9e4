import { useEffect } from "react";
import { people } from "../../../client/people.ts";
import { Field, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { mine } from "../../state/mine.ts";
import { useStore } from "../../state/store.ts";
import { useAsk } from "../kit/useAsk.ts";
import { FOR_NONE, needsAgency, ownAgency } from "./ownAgency.ts";
import type { RoleForm } from "./roleForm.ts";
import { ROLES } from "./roles.ts";
import { UnitField } from "./UnitField.tsx";

/** A role in a unit, for an agency, from one day to another. */
export function RoleFields({ form, set, errors = {} }: {
  form: RoleForm;
  set: (form: RoleForm) => void;
  errors?: Partial<Record<keyof RoleForm, string>>;
}) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const places = useStore(mine, (s) => s.mine?.places);
  const agencies = useAsk(() => people.agencies(""), []);
  const needs = needsAgency(form.role);
  // Offered, not forced: what somebody has chosen stays.
  useEffect(() => {
    if (form.agency !== "" || !needs || !agencies.data || !places) return;
    const agency = ownAgency(agencies.data.items, places, form.unit);
    if (agency) set({ ...form, agency });
  }, [agencies.data, places, form.unit, form.role]);
  return (
    <>
      <div className="pair">
        <Field label={t("user.role")} error={errors.role}>
          <select value={form.role} onChange={(e) => set({ ...form, role: e.target.value })}>
            {form.role === "" && <option value="">{t("role.chooseRole")}</option>}
            {ROLES.map((r) => <option key={r} value={r}>{t(`role.${r}`)}</option>)}
          </select>
        </Field>
        <UnitField label={t("role.unit")} value={form.unit} error={errors.unit} onChange={(unit) => set({ ...form, unit })} />
        <Field label={t("role.agency")} error={errors.agency}>
          <select value={form.agency} onChange={(e) => set({ ...form, agency: e.target.value })}>
            <option value="">{t(needs ? "role.chooseAgency" : "role.noAgency")}</option>
            {agencies.data?.items.map((a) => <option key={a.code} value={a.code}>{a.name[lang]} · {a.unit_name?.[lang] ?? a.unit}</option>)}
            {needs && <option value={FOR_NONE}>{t("role.forNone")}</option>}
          </select>
        </Field>
        <span />
        <Field label={t("role.validFrom")}>
          <input type="date" value={form.from} onChange={(e) => set({ ...form, from: e.target.value })} />
        </Field>
        <Field label={t("role.validTo")}>
          <input type="date" value={form.to} onChange={(e) => set({ ...form, to: e.target.value })} />
        </Field>
      </div>
      {form.agency === FOR_NONE && needs && <p className="note bad">{t("role.wantsAgency")}</p>}
      <p className="note">{t("role.byTwo")}</p>
      <Field label={t("action.reason")} error={errors.why}>
        <input value={form.why} required maxLength={1000} autoComplete="off" onChange={(e) => set({ ...form, why: e.target.value })} />
      </Field>
    </>
  );
}
