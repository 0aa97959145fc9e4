import type { Agency } from "../../../client/people.ts";

/** Those that see and do little where they work for no agency. */
const FOR_AN_AGENCY: ReadonlySet<string> = new Set(["watch_officer", "watch_lead", "analyst", "county_clerk", "grid_worker", "investigator", "agency_lead", "health_officer"]);

/** Of these there are the administrators and auditors themselves: nobody is on a watch for them. */
const OF_THE_HOUSE: ReadonlySet<string> = new Set(["platform", "oversight"]);

/** Chosen instead of an agency. */
export const FOR_NONE = "-";

export const needsAgency = (role: string): boolean => FOR_AN_AGENCY.has(role);

/** The agency that a role is for unless somebody chooses another: one of the kind that who asks works for, in the unit
 * of the role, else in the own unit; "" where that leaves a choice. */
export function ownAgency(
  agencies: readonly Pick<Agency, "code" | "kind" | "unit">[],
  places: readonly { unit: string; agency: string }[],
  unit: string,
): string {
  const kinds = new Set(places.map((p) => p.agency).filter((kind) => !OF_THE_HOUSE.has(kind)));
  const own = agencies.filter((a) => kinds.has(a.kind));
  const there = own.filter((a) => a.unit === unit);
  const home = own.filter((a) => places.some((p) => p.unit === a.unit && p.agency === a.kind));
  for (const few of [there, home]) if (few.length > 0) return few.length === 1 ? few[0]!.code : "";
  return "";
}
