import { expect, test } from "vitest";
import type { AssessmentDetail, AssessmentNeed } from "../../../client/oversight.ts";
import { firstOf, isWhole, placesOf } from "./assessment.ts";

const HAIKOU = { zh: "海口市", en: "Haikou" };
const OWN = { unit: "460000", agency: "customs", unit_name: { zh: "海南省", en: "Hainan" } } as const;
const NEED: AssessmentNeed = { purpose: "border_control", unit: "460100", unit_name: HAIKOU, agency: "customs", cases: 2, forms: 0 };
const TEXT = "二十个字以上的说明，写清楚为什么合法、正当、必要。";
const NOW = Date.parse("2026-11-29T00:00:00Z");

test("one is written for the own places and for those that lack one, each once", () => {
  const places = placesOf([OWN, OWN], { items: [], lacking: [NEED] });
  expect(places).toEqual([
    { unit: "460000", agency: "customs", name: OWN.unit_name },
    { unit: "460100", agency: "customs", name: HAIKOU },
  ]);
  expect(firstOf({ need: NEED }, places, NOW)).toMatchObject({ purpose: "border_control", unit: "460100", agency: "customs", replaces: null, ends: "2027-11-29T00:00:00.000Z" });
  expect(firstOf({}, places, NOW)).toMatchObject({ unit: "460000", agency: "customs" });
});

test("the next version begins with what the one before says", () => {
  const after = { id: "a1", purpose: "emergency", unit: "460200", agency: "police", what: ["health"], necessity: TEXT, impact: TEXT, measures: TEXT } as AssessmentDetail;
  const body = firstOf({ after }, [], NOW);
  expect(body).toMatchObject({ purpose: "emergency", unit: "460200", agency: "police", what: ["health"], replaces: "a1", measures: TEXT });
  expect(isWhole(body)).toBe(true);
});

test("it is sent once each of the three points is written and something is processed", () => {
  const body = { ...firstOf({}, [], NOW), what: ["health" as const], necessity: TEXT, impact: TEXT, measures: TEXT };
  expect(isWhole(body)).toBe(true);
  expect(isWhole({ ...body, impact: "短" })).toBe(false);
  expect(isWhole({ ...body, what: [] })).toBe(false);
  expect(isWhole({ ...body, ends: "" })).toBe(false);
});
