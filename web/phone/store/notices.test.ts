import { expect, test } from "vitest";
import { answerOf, waitingNow, type Notice } from "./notices.ts";
import type { Entry } from "./state.ts";

const notice = (id: string, more: Partial<Notice> = {}): Notice =>
  ({ id, thing: "", wants_answer: true, state: "open", mine: null, ...more }) as Notice;
const noted = (thing: string, kind: string, state: Entry["state"] = "waiting", of = "notice.answer"): Entry =>
  ({ kind: of, thing, state, record: { fields: { kind } } }) as unknown as Entry;

test("what its user answered waits no more, before the server knows", () => {
  const all = { edition: "e", items: [notice("a"), notice("b"), notice("c", { thing: "task:t" })] };
  expect(waitingNow(all, []).map((n) => n.id)).toEqual(["a", "b", "c"]);
  const queue = [noted("a", "answered"), noted("t", "accept", "waiting", "task.step")];
  expect(waitingNow(all, queue).map((n) => n.id)).toEqual(["b"]);
});

test("an answer is not sent yet while it waits, and not any more", () => {
  expect(answerOf(notice("a"), [noted("b", "answered"), noted("a", "declined")])).toBe("declined");
  expect(answerOf(notice("a"), [noted("a", "declined", "sent")])).toBe(null);
});
