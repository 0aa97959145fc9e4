/** Forms and what was handed in by them. */
import type { components } from "./api.d.ts";
import { download, upload } from "./files.ts";
import { call } from "./http.ts";
import type { Page } from "./types.ts";

type Schemas = components["schemas"];
export type Form = Schemas["FormModel"];
export type Checked = Schemas["CheckedModel"];
export type HandedIn = Schemas["FormSubmissionModel"];
export type Answers = Schemas["AnswersModel"];
export type Shipped = Schemas["ShippedModel"];

export const PURPOSES = [
  "neighbourhood_governance", "emergency", "search_and_rescue", "safety_at_sea", "epidemic_control", "anti_smuggling", "border_control",
] as const;
export type Purpose = (typeof PURPOSES)[number];

const sent = (file: File, purpose: Purpose, keep: boolean): Promise<Checked> =>
  upload<Checked>(`/forms/upload?name=${encodeURIComponent(file.name)}&purpose=${purpose}&keep=${keep}`, file);

export const forms = {
  all: () => call<Page<Form>>("GET", "/forms"),
  shipped: () => call<Page<Shipped>>("GET", "/forms/shipped"),
  look: (file: File, purpose: Purpose) => sent(file, purpose, false),
  take: (file: File, purpose: Purpose) => sent(file, purpose, true),
  publish: (id: string, valid_from: string | null) => call<Form>("POST", `/forms/${id}/publish`, { valid_from }),
  retire: (id: string) => call<Form>("POST", `/forms/${id}/retire`),
  file: (path: string) => download("GET", `/forms/${path}`),
  handedIn: (form: string, cursor = "") =>
    call<Page<HandedIn>>("GET", `/form-submissions?limit=100&form=${encodeURIComponent(form)}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`),
  table: (form: string) => download("GET", `/form-submissions.csv?form=${encodeURIComponent(form)}`),
  answers: (caseId: string, id: string, grant: string | null) =>
    call<Answers>("POST", `/cases/${caseId}/form-submissions/${id}/answers`, { grant }),
};
