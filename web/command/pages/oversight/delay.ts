import type { LegalBasis } from "../../../client/cases.ts";

/** Who delays what a person is told (docs/policy.md), and on what. */
export const WHO_DELAYS: readonly string[] = ["investigator", "agency_lead"];
export const BASES = ["court_order", "statutory_duty"] as const satisfies readonly LegalBasis[];

/** What a court ordered is ended by its order alone. */
export function basesToEnd(of: string): readonly LegalBasis[] {
  return of === "court_order" ? ["court_order"] : BASES;
}
