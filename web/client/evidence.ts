/** Evidence of a case: files that are handed in, looked at, copied and bundled; each step is in the log. */
import type { components } from "./api.d.ts";
import { download, upload } from "./files.ts";
import { call } from "./http.ts";
import type { Page } from "./types.ts";

type Schemas = components["schemas"];

export type Piece = Schemas["PieceModel"];
export type Custody = Schemas["CustodyModel"];

const at = (caseId: string, id: string, what: string): string => `/cases/${caseId}/evidence/${id}/${what}`;

export const evidence = {
  list: (caseId: string) => call<Page<Piece>>("GET", `/cases/${caseId}/evidence`),
  add: (caseId: string, file: File, dataClass: string, note: string, onProgress: (share: number) => void) =>
    upload<Piece>(
      `/cases/${caseId}/evidence`, file,
      { "x-littoral-evidence": encodeURIComponent(JSON.stringify({ data_class: dataClass, name: file.name, note })) },
      onProgress,
    ),
  custody: (caseId: string, id: string) => call<Page<Custody>>("GET", at(caseId, id, "custody")),
  /** To look at; the server logs it as such. Needs a grant as below. */
  view: async (caseId: string, id: string, grant: string | null) => (await download("POST", at(caseId, id, "view"), { grant })).content,
  /** Needs a grant where the file shows persons. */
  take: (caseId: string, id: string, what: "copy" | "bundle", grant: string | null) =>
    download("POST", at(caseId, id, what), { grant }),
};
