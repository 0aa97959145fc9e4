/** Who did what to which person's data and why, and whether the log of it can be trusted. */
import type { components } from "./api.d.ts";
import { call, query } from "./http.ts";
import type { Page } from "./types.ts";

type Schemas = components["schemas"];

export type Oversight = Schemas["OversightModel"];
export type Access = Schemas["AccessModel"];
export type LogEntry = Schemas["LogEntryModel"];
export type Actor = Schemas["Who"];
export type Patterns = Schemas["PatternsModel"];
export type GlassReview = Schemas["GlassReviewModel"];
export type GlassDetail = Schemas["GlassReviewDetail"];
export type Usages = Schemas["SubjectUsages"];
export type Kept = Schemas["RecordModel"];
export type Due = Schemas["PreviewModel"];
export type DueItem = Schemas["DueItem"];
export type Ending = Schemas["EndingModel"];
export type Hold = Schemas["HoldModel"];
export type Delay = Schemas["DelayModel"];
export type DelayInput = Schemas["DelayInput"];
export type Assessments = Schemas["AssessmentsModel"];
export type Assessment = Schemas["AssessmentModel"];
export type AssessmentDetail = Schemas["AssessmentDetail"];
export type AssessmentNeed = Schemas["NeedModel"];
export type AssessmentInput = Schemas["AssessmentInput"];
export type RetentionRule = Schemas["RetentionRuleModel"];

export interface AccessFilter {
  actor: string;
  action: string;
  thing: string;
  case: string;
  purpose: string;
  verdict: string;
  from: string;
  to: string;
}

export const oversight = {
  state: () => call<Oversight>("GET", "/oversight"),
  accesses: (filter: AccessFilter, cursor?: string) =>
    call<Page<Access>>("GET", `/oversight/accesses${query({ ...filter, cursor, limit: 50 })}`),
  entry: (index: number) => call<LogEntry>("GET", `/oversight/log/${index}`),
  patterns: (days: number) => call<Patterns>("GET", `/oversight/patterns${query({ days })}`),
  glass: (state: "open" | "done") => call<Page<GlassReview>>("GET", `/oversight/break-glass${query({ state })}`),
  oneGlass: (id: string) => call<GlassDetail>("GET", `/oversight/break-glass/${id}`),
  reviewGlass: (id: string, justified: boolean, note: string) =>
    call<GlassDetail>("POST", `/oversight/break-glass/${id}`, { justified, note }),
  subject: (body: Schemas["SubjectAsk"]) => call<Usages>("POST", "/oversight/subjects", body),
  erasures: () => call<Page<Schemas["ErasureModel"]>>("GET", "/erasures"),
  due: () => call<Due>("GET", "/retention/preview"),
  rules: () => call<Page<RetentionRule>>("GET", "/retention/rules"),
  runRetention: () => call<Schemas["RanModel"]>("POST", "/retention/run"),
  takeEndBack: (purpose: string, agency: string) =>
    call<Schemas["EndedModel"]>("POST", `/retention/purposes/${purpose}/end${query({ agency, take_back: true })}`),
  holds: () => call<Page<Hold>>("GET", "/holds"),
  setHold: (body: Schemas["HoldInput"]) => call<Hold>("POST", "/holds", body),
  releaseHold: (id: string, body: Schemas["ReleaseInput"]) => call<Hold>("POST", `/holds/${id}/release`, body),
  assessments: () => call<Assessments>("GET", "/assessments"),
  assessment: (id: string) => call<AssessmentDetail>("GET", `/assessments/${id}`),
  writeAssessment: (body: AssessmentInput) => call<AssessmentDetail>("POST", "/assessments", body),
  decideAssessment: (id: string, agree: boolean, note: string) =>
    call<AssessmentDetail>("POST", `/assessments/${id}/decision`, { agree, note }),
  delays: () => call<Page<Delay>>("GET", "/oversight/delays"),
  setDelay: (body: DelayInput) => call<Delay>("POST", "/oversight/delays", body),
  endDelay: (id: string, legal_basis: string, document: string) =>
    call<Delay>("DELETE", `/oversight/delays/${id}${query({ legal_basis, document })}`),
};
