import { people, type RoleGrant } from "../../../client/people.ts";
import { Field, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { dayStart } from "../../state/time.ts";
import { useAsk } from "../kit/useAsk.ts";
import { ROLES } from "./roles.ts";
import { UnitField } from "./UnitField.tsx";

/** Those that see and do little where they work for no agency. */
const FOR_AN_AGENCY: ReadonlySet<string> = new Set(["watch_officer", "watch_lead", "analyst", "county_clerk", "grid_worker", "investigator", "agency_lead", "health_officer"]);

export interface RoleForm {
  role: string;
  unit: string;
  agency: string;
  /** Days, by the calendar of the coast; empty: open. */
  from: string;
  to: string;
  why: string;
}

export const newRole = (unit: string): RoleForm => ({ role: "watch_officer", unit, agency: "", from: "", to: "", why: "" });

export const roleBody = (form: RoleForm, zone: string): RoleGrant => ({
  role: form.role,
  unit: form.unit,
  agency: form.agency || null,
  valid_from: dayStart(form.from, zone),
  valid_to: dayStart(form.to, zone),
  local: false,
  why: form.why.trim(),
});

export const isWhole = (form: RoleForm): boolean => form.unit !== "" && form.why.trim() !== "";

/** A role in a unit, for an agency, from one day to another. */
export function RoleFields({ form, set, errors = {} }: {
  form: RoleForm;
  set: (form: RoleForm) => void;
  errors?: Partial<Record<keyof RoleForm, string>>;
}) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const agencies = useAsk(() => people.agencies(""), []);
  return (
    <>
      <div className="pair">
        <Field label={t("user.role")} error={errors.role}>
          <select value={form.role} onChange={(e) => set({ ...form, role: e.target.value })}>
            {ROLES.map((r) => <option key={r} value={r}>{t(`role.${r}`)}</option>)}
          </select>
        </Field>
        <UnitField label={t("role.unit")} value={form.unit} error={errors.unit} onChange={(unit) => set({ ...form, unit })} />
        <Field label={t("role.agency")} error={errors.agency}>
          <select value={form.agency} onChange={(e) => set({ ...form, agency: e.target.value })}>
            <option value="">{t("role.noAgency")}</option>
            {agencies.data?.items.map((a) => <option key={a.code} value={a.code}>{a.name[lang]} · {a.unit_name?.[lang] ?? a.unit}</option>)}
          </select>
        </Field>
        <span />
        <Field label={t("role.from")}>
          <input type="date" value={form.from} onChange={(e) => set({ ...form, from: e.target.value })} />
        </Field>
        <Field label={t("role.to")}>
          <input type="date" value={form.to} onChange={(e) => set({ ...form, to: e.target.value })} />
        </Field>
      </div>
      {form.agency === "" && FOR_AN_AGENCY.has(form.role) && <p className="note bad">{t("role.wantsAgency")}</p>}
      <p className="note">{t("role.byTwo")}</p>
      <Field label={t("action.reason")} error={errors.why}>
        <input value={form.why} required maxLength={1000} autoComplete="off" onChange={(e) => set({ ...form, why: e.target.value })} />
      </Field>
    </>
  );
}
