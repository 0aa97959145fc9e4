/** Incidents: what people handle, from the first report to the last verification. */
import type { components } from "./api.d.ts";
import { call, query, ROOT } from "./http.ts";
import type { Page } from "./types.ts";
import { uuid7 } from "./uuid7.ts";

type Schemas = components["schemas"];

export type Incident = Schemas["IncidentModel"];
export type IncidentDetail = Schemas["IncidentDetail"];
export type IncidentStep = IncidentDetail["steps"][number];
export type ListItem = NonNullable<IncidentDetail["checklist"]>["items"][number];
export type IncidentType = Incident["type"];
export type Severity = Incident["severity"];
export type ReportBody = Pick<Schemas["ReportInput"], "type" | "severity" | "title"> & Partial<Omit<Schemas["ReportInput"], "id">>;
export type Submission = Schemas["SubmissionModel"];
export type StepBody = Omit<Schemas["StepInput"], "id">;

export const incidents = {
  list: (state: string, cursor?: string) => call<Page<Incident>>("GET", `/incidents${query({ state, cursor })}`),
  since: (after: number) => call<Page<Incident>>("GET", `/incidents/changes${query({ after })}`),
  of: (kind: string, ref: string) => call<Page<Incident>>("GET", `/incidents/of/${kind}/${encodeURIComponent(ref)}`),
  one: (key: string) => call<IncidentDetail>("GET", `/incidents/${key}`),
  report: (id: string, body: ReportBody) => call<Incident>("POST", "/incidents", { id, ...body }),
  step: (incident: string, id: string, body: StepBody) => call<Incident>("POST", `/incidents/${incident}/steps`, { id, ...body }),
  submissions: (incident: string) => call<Page<Submission>>("GET", `/incidents/${incident}/submissions`),
  newId: () => uuid7(),
};

/** Where its file lies to be printed, as PDF. */
export const fileOf = (id: string, lang: "zh" | "en"): string => `${ROOT}/incidents/${id}/file.pdf${query({ lang })}`;
