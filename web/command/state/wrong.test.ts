import { expect, test } from "vitest";
import { ApiError } from "../../client/http.ts";
import { NotYet, saidOf } from "./wrong.ts";

const problem = (status: number, title: string, more = {}) => new ApiError({ status, title, ...more });

test("a Chinese page names neither status nor field of the protocol", () => {
  const wrong = problem(422, "Unprocessable Entity", { detail: "unit: there is no unit 'Haikou' now", errors: [{ field: "roles.0.unit", message: "there is no unit 'Haikou' now" }] });
  expect(saidOf(wrong, "zh")).toEqual({ text: "填写的内容不对：单位：没有单位“Haikou”。", remedy: "请按提示修改后再试。" });
  expect(saidOf(wrong, "en").text).toBe("Not filled in right: unit: there is no unit Haikou");
  const said = [401, 403, 404, 409, 410, 413, 415, 418, 422, 429, 503].map((s) => saidOf(problem(s, "Forbidden"), "zh").text);
  expect(said.filter((text) => /[a-z]{3}|\d/i.test(text))).toEqual([]);
});

test("a sentence without Chinese words is quoted, not lost", () => {
  const said = saidOf(problem(409, "Conflict", { detail: "The tide is out." }), "zh");
  expect(said.text).toBe("情况已经变了");
  expect(said.remedy).toContain("The tide is out.");
});

test("what is to be done on the page first has no remedy of its own", () => {
  expect(saidOf(new NotYet("请先确认。"), "zh")).toEqual({ text: "请先确认。", remedy: "" });
});

test("what a legal hold refused says that it has to be done again once the hold is lifted", () => {
  const held = problem(403, "Forbidden", { code: "held", reason: { zh: "受法律保全的不予删除。", en: "What is held is not erased." }, holds: [{ id: "h", document: "order 1", legal_basis: "court_order" }] });
  expect(saidOf(held, "en")).toEqual({ text: "What is held is not erased.", remedy: "Legal hold: order 1. Another person has to lift it first; then do this again: nothing goes on by itself." });
  expect(saidOf(held, "zh").remedy).toContain("不会自行继续");
});
