import type { RoleGrant } from "../../../client/people.ts";
import { dayStart } from "../../state/time.ts";
import { FOR_NONE, needsAgency } from "./ownAgency.ts";

export interface RoleForm {
  role: string;
  unit: string;
  /** A code; empty: not chosen yet. */
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
  agency: form.agency === FOR_NONE ? null : form.agency || null,
  valid_from: dayStart(form.from, zone),
  valid_to: dayStart(form.to, zone),
  local: false,
  why: form.why.trim(),
});

export const isUndecided = (form: RoleForm): boolean => form.agency === "" && needsAgency(form.role);

export const isWhole = (form: RoleForm): boolean => form.unit !== "" && form.why.trim() !== "" && !isUndecided(form);
