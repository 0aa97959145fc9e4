/** Tasks and responders: who is sent, from the offer to what was found. */
import type { components } from "./api.d.ts";
import { upload } from "./files.ts";
import { call, query } from "./http.ts";
import type { Page } from "./types.ts";
import { uuid7 } from "./uuid7.ts";

type Schemas = components["schemas"];

export type Responder = Schemas["ResponderModel"];
export type ResponderFile = Schemas["ResponderFileModel"];
export type ResponderBody = Omit<Schemas["ResponderInput"], "id" | "shared_with">;
export type ResponderChange = Schemas["ResponderEdit"];
export type Suggestion = Schemas["SuggestionModel"];
export type Choice = Schemas["ChoiceModel"];
export type Task = Schemas["TaskModel"];
export type TaskDetail = Schemas["TaskDetail"];
export type TaskState = Task["state"];
export type TaskStepKind = Schemas["TaskStepInput"]["kind"];
export type TaskStepBody = Omit<Schemas["TaskStepInput"], "id">;

export const tasks = {
  list: (isOpen: boolean) => call<Page<Task>>("GET", `/tasks${query({ open: isOpen ? "true" : undefined })}`),
  ofIncidents: (incidents: string[]) => call<Page<Task>>("GET", `/tasks?${incidents.map((i) => `incident=${i}`).join("&")}`),
  since: (after: number) => call<Page<Task>>("GET", `/tasks/changes${query({ after })}`),
  one: (id: string) => call<TaskDetail>("GET", `/tasks/${id}`),
  first: (incident: string) => call<Suggestion>("GET", `/incidents/${incident}/responders`),
  responders: () => call<Page<Responder>>("GET", "/responders"),
  addResponder: (id: string, body: ResponderBody) => call<Responder>("POST", "/responders", { id, ...body }),
  editResponder: (id: string, change: ResponderChange) => call<Responder>("PATCH", `/responders/${id}`, change),
  setStatus: (id: string, status: "available" | "out_of_service", reason: string) =>
    call<Responder>("POST", `/responders/${id}/status`, { status, reason }),
  bringIn: (file: File, keep: boolean) => upload<ResponderFile>(`/responders/upload?keep=${keep}`, file),
  assign: (id: string, incident: string, responder: string) => call<Task>("POST", "/tasks", { id, incident, responder }),
  step: (task: string, id: string, body: TaskStepBody) => call<Task>("POST", `/tasks/${task}/steps`, { id, ...body }),
  newId: () => uuid7(),
};
