import type { AssessmentDetail, AssessmentNeed, AssessmentInput, Assessments } from "../../../client/oversight.ts";

/** The points of PIPL Art. 56, in the order of the law. */
export const TEXTS = ["necessity", "impact", "measures"] as const;
export const LEAST = 20; // characters of each
const DAY_MS = 86_400_000;

/** From what one is begun: from what lacks one, or from the version whose place it takes. */
export interface Begun {
  need?: AssessmentNeed;
  after?: AssessmentDetail;
}

export interface Place {
  unit: string;
  agency: string;
  name: { zh: string; en: string } | null;
}

interface Seat {
  unit: string;
  agency: string;
  unit_name: { zh: string; en: string } | null;
}

/** Where one may be written: the own places, and those that the page names. */
export function placesOf(own: readonly Seat[], all: Pick<Assessments, "items" | "lacking">): Place[] {
  const found = new Map<string, Place>();
  for (const p of [...own, ...all.lacking, ...all.items]) {
    if (!found.has(keyOf(p))) found.set(keyOf(p), { unit: p.unit, agency: p.agency, name: p.unit_name });
  }
  return [...found.values()];
}

export const keyOf = (place: { unit: string; agency: string }): string => `${place.unit}/${place.agency}`;

/** What stands in the form at first; it ends in a year. */
export function firstOf(begun: Begun, places: readonly Place[], nowMs: number): AssessmentInput {
  const at = begun.after ?? begun.need ?? places[0];
  const before = begun.after;
  return {
    purpose: begun.after?.purpose ?? begun.need?.purpose ?? "anti_smuggling",
    unit: at?.unit ?? null,
    agency: (at?.agency ?? null) as AssessmentInput["agency"],
    what: (before?.what ?? []) as AssessmentInput["what"],
    necessity: before?.necessity ?? "",
    impact: before?.impact ?? "",
    measures: before?.measures ?? "",
    ends: new Date(nowMs + 365 * DAY_MS).toISOString(),
    replaces: before?.id ?? null,
  };
}

export function isWhole(body: AssessmentInput): boolean {
  return body.what.length > 0 && body.ends !== "" && TEXTS.every((name) => body[name].trim().length >= LEAST);
}
