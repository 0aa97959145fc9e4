/** Notices on the phone: which wait for their user, and what was answered to one that is not sent yet. */
import type { components } from "../../client/api.d.ts";
import { waiting, type Notices } from "../../sync/notices.ts";
import type { Entry } from "./state.ts";

export type Notice = components["schemas"]["ToldModel"];
export type OwnNotices = Notices<Notice>;
type Queued = Pick<Entry, "kind" | "thing" | "state" | "record">;

export const waitingNow = (notices: OwnNotices, queue: readonly Queued[]): Notice[] =>
  waiting(notices.items, queue.map((q) => ({ kind: q.kind, thing: q.thing, state: q.state, says: String(q.record.fields.kind ?? "") })));

/** What waits in the queue. */
export function answerOf(notice: Notice, queue: readonly Queued[]): "answered" | "declined" | null {
  const noted = queue.find((q) => q.kind === "notice.answer" && q.thing === notice.id && q.state === "waiting");
  return noted ? (noted.record.fields.kind as "answered" | "declined") : null;
}
