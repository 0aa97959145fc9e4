import type { AccountChange, RoleGrant } from "../../../client/people.ts";
import { dayStart } from "../../state/time.ts";
import { FOR_NONE, needsAgency } from "./ownAgency.ts";

export interface RoleForm {
  /** Empty: not chosen yet, and nothing is offered: a role chosen for somebody gives more than was meant. */
  role: string;
  unit: string;
  /** A code; empty: not chosen yet. */
  agency: string;
  /** Days, by the calendar of the coast; empty: open. */
  from: string;
  to: string;
  why: string;
}

export const newRole = (unit: string): RoleForm => ({ role: "", unit, agency: "", from: "", to: "", why: "" });

export const roleBody = (form: RoleForm, zone: string): RoleGrant => ({
  role: form.role,
  unit: form.unit,
  agency: form.agency === FOR_NONE ? null : form.agency || null,
  valid_from: dayStart(form.from, zone),
  valid_to: dayStart(form.to, zone),
  local: false,
  why: form.why.trim(),
});

/** Which choice is wanting. */
export const undecided = (form: RoleForm): "role.roleFirst" | "role.agencyFirst" | null =>
  form.role === "" ? "role.roleFirst" : form.agency === "" && needsAgency(form.role) ? "role.agencyFirst" : null;

export const isWhole = (form: RoleForm): boolean => form.unit !== "" && form.why.trim() !== "" && undecided(form) === null;

/** Accounts, by id, for which a role waits for a second person. */
export const rolesWait = (changes: readonly Pick<AccountChange, "account" | "kind" | "state">[]): ReadonlySet<string> =>
  new Set(changes.filter((c) => c.kind === "grant" && c.state === "waiting").map((c) => c.account));
