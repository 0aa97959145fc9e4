import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Lookup } from "./lookup.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A server that answers after so long. */
function desk(delayMs: (text: string) => number) {
  const asked: string[] = [];
  const taken: (string | null)[] = [];
  const shown: (readonly string[] | null)[] = [];
  const failed: unknown[] = [];
  const lookup = new Lookup<string>(180, {
    ask: (text) => {
      asked.push(text);
      return new Promise((resolve, reject) => {
        const answer = text === "broken" ? () => reject(new Error("down")) : () => resolve(text === "nobody" ? [] : [`first of ${text}`, `second of ${text}`]);
        setTimeout(answer, delayMs(text));
      });
    },
    isEnough: (text) => text.length >= 2,
    shown: (hits) => void shown.push(hits),
    taken: (hit) => void taken.push(hit),
    failed: (error) => void failed.push(error),
  });
  return { lookup, asked, taken, shown, failed };
}

it("takes by Enter what the whole text finds, not what the half-typed word had found", async () => {
  const { lookup, asked, taken } = desk(() => 700);
  lookup.type("QI");
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toEqual(["QI"]);
  lookup.type("QIONG 31");
  lookup.enter(0);
  expect(taken).toEqual([]);
  await vi.advanceTimersByTimeAsync(699);
  expect(taken).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(taken).toEqual(["first of QIONG 31"]);
  expect(asked).toEqual(["QI", "QIONG 31"]);
});

it("asks once where Enter comes while the question is under way", async () => {
  const { lookup, asked, taken } = desk(() => 500);
  lookup.type("QIONG");
  await vi.advanceTimersByTimeAsync(200);
  lookup.enter(0);
  lookup.enter(0);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toEqual(["QIONG"]);
  expect(taken).toEqual(["first of QIONG"]);
});

it("drops an answer that comes after a newer one, and an Enter that was typed on", async () => {
  const { lookup, taken, shown } = desk((text) => (text === "QI" ? 2000 : 100));
  lookup.type("QI");
  lookup.enter(0);
  lookup.type("QIONG");
  await vi.advanceTimersByTimeAsync(5000);
  expect(taken).toEqual([]);
  expect(shown).toEqual([["first of QIONG", "second of QIONG"]]);
});

it("takes the hit that is marked once the whole text is answered", async () => {
  const { lookup, taken } = desk(() => 10);
  lookup.type("QIONG ");
  await vi.advanceTimersByTimeAsync(300);
  lookup.enter(1);
  expect(taken).toEqual(["second of QIONG"]);
});

it("says that nothing is found: none there, too short a text, a server that fails", async () => {
  const { lookup, taken, failed } = desk(() => 10);
  lookup.type("nobody");
  lookup.enter(0);
  await vi.advanceTimersByTimeAsync(100);
  lookup.type("n");
  lookup.enter(0);
  expect(taken).toEqual([null, null]);
  lookup.type("broken");
  lookup.enter(0);
  await vi.advanceTimersByTimeAsync(100);
  expect(taken).toEqual([null, null, null]);
  expect(failed).toHaveLength(1);
});

it("looks up nothing more once it was stopped", async () => {
  const { lookup, shown, taken } = desk(() => 100);
  lookup.type("QIONG");
  lookup.enter(0);
  lookup.stop();
  await vi.advanceTimersByTimeAsync(1000);
  expect([shown, taken]).toEqual([[], []]);
});
