/** Duty: who has the watch, and what goes from one watch to the next. */
import type { components } from "./api.d.ts";
import { upload } from "./files.ts";
import { call, query } from "./http.ts";
import type { Page } from "./types.ts";
import { uuid7 } from "./uuid7.ts";

type Schemas = components["schemas"];

export type DutyDesk = Schemas["DeskModel"];
export type DutyWatch = Schemas["WatchModel"];
export type Roster = Schemas["RosterModel"];
export type RosterFile = Schemas["RosterFileModel"];
export type DutyShift = Schemas["ShiftModel"];
export type Regulation = Schemas["RegulationModel"];
export type DutyEntry = Schemas["EntryModel"];
export type EntryKind = DutyEntry["kind"];
export type Paper = Schemas["PaperModel"];
export type PaperKind = Paper["kind"];
export type PaperStep = Schemas["PaperStepInput"]["kind"];
export type PaperBody = Pick<Schemas["PaperInput"], "kind"> & Partial<Omit<Schemas["PaperInput"], "id" | "kind">>;
export type PaperStepBody = Pick<Schemas["PaperStepInput"], "kind"> & Partial<Omit<Schemas["PaperStepInput"], "id" | "kind">>;
export type RosterBody = Omit<Schemas["RosterInput"], "id">;
export type DeskRef = Pick<DutyDesk, "unit" | "agency">;

const at = (desk: DeskRef): string => `/duty/desks/${desk.unit}/${desk.agency}`;

/** Where the sheet lies to be filled in. */
export const rosterTemplate = (desk: DeskRef): string => `${at(desk)}/roster/template.xlsx`;

export const duty = {
  desks: () => call<Page<DutyDesk>>("GET", "/duty/desks"),
  regulations: () => call<Page<Regulation>>("GET", "/duty/regulations"),
  watch: (desk: DeskRef) => call<DutyWatch>("GET", at(desk)),
  roster: (desk: DeskRef) => call<Roster>("GET", `${at(desk)}/roster`),
  putRoster: (desk: DeskRef, id: string, body: RosterBody) => call<Roster>("PUT", `${at(desk)}/roster`, { id, ...body }),
  bringInRoster: (desk: DeskRef, id: string, file: File, keep: boolean) => upload<RosterFile>(`${at(desk)}/roster/upload${query({ id, keep: String(keep) })}`, file),
  log: (desk: DeskRef, cursor?: string) => call<Page<DutyEntry>>("GET", `${at(desk)}/log${query({ cursor })}`),
  write: (desk: DeskRef, id: string, body: { kind: EntryKind; ref?: string; text?: string }) =>
    call<DutyEntry>("POST", `${at(desk)}/log`, { id, ...body }),
  papers: (desk: DeskRef, kind: PaperKind[], waiting = false) =>
    call<Page<Paper>>("GET", `${at(desk)}/papers${query({ waiting: waiting ? "true" : undefined })}${kind.map((k, n) => `${n || waiting ? "&" : "?"}kind=${k}`).join("")}`),
  begin: (desk: DeskRef, id: string, body: PaperBody) => call<Paper>("POST", `${at(desk)}/papers`, { id, ...body }),
  step: (paper: string, id: string, body: PaperStepBody) => call<Paper>("POST", `/duty/papers/${paper}/steps`, { id, ...body }),
  newId: () => uuid7(),
};
