/** Cases, persons and the accesses to them. Nothing of it is kept: who asks again is in the log again. */
import type { components } from "./api.d.ts";
import { again, call, type Known } from "./http.ts";
import type { Page } from "./types.ts";

type Schemas = components["schemas"];

export type Case = Schemas["CaseModel"];
export type CaseInput = Schemas["CaseInput"];
export type Purpose = CaseInput["purpose"];
export type LegalBasis = CaseInput["legal_basis"];
export type Subject = Schemas["SubjectModel"];
export type Grant = Schemas["GrantModel"];
export type GrantInput = Schemas["GrantInput"];
export type Erasure = Schemas["ErasureModel"];
export type ErasureInput = Schemas["ErasureInput"];
export type Glass = Schemas["GlassModel"];
export type GlassInput = Schemas["GlassInput"];

export const cases = {
  list: () => call<Page<Case>>("GET", "/cases"),
  open: (body: CaseInput) => call<Case>("POST", "/cases", body),
  close: (id: string) => call<Case>("POST", `/cases/${id}/close`),
  subjects: (id: string, cursor?: string) =>
    call<Page<Subject>>("GET", `/cases/${id}/subjects${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""}`),
  addSubject: (id: string, fields: Record<string, string>) =>
    call<Subject>("POST", `/cases/${id}/subjects`, { kind: "person", fields }),
  grants: (id: string, known: Known<Page<Grant>>) => again<Page<Grant>>(`/cases/${id}/grants`, known),
  ask: (id: string, body: GrantInput) => call<Grant>("POST", `/cases/${id}/grants`, body),
  approve: (grant: string) => call<Grant>("POST", `/grants/${grant}/approve`),
  end: (grant: string) => call<Grant>("DELETE", `/grants/${grant}`),
  reveal: (grant: string, subjects: string[]) => call<Page<Subject>>("POST", `/grants/${grant}/reveal`, { subjects }),
  search: (grant: string, field: string, value: string) =>
    call<Page<Subject>>("POST", `/grants/${grant}/search`, { field, value }),
  exported: (grant: string, subjects: string[]) => call<Page<Subject>>("POST", `/grants/${grant}/export`, { subjects }),
  correct: (grant: string, subject: string, fields: Record<string, string>) =>
    call<Subject>("POST", `/grants/${grant}/correct`, { subject, fields }),
  erase: (id: string, body: ErasureInput) => call<Erasure>("POST", `/cases/${id}/erasures`, body),
  decideErasure: (id: string, erasure: string, agree: boolean, note: string) =>
    call<Erasure>("POST", `/cases/${id}/erasures/${erasure}/decision`, { agree, note }),
  takeErasureBack: (id: string, erasure: string) => call<Erasure>("DELETE", `/cases/${id}/erasures/${erasure}`),
  breakGlass: (body: GlassInput) => call<Glass>("POST", "/break-glass", body),
};
