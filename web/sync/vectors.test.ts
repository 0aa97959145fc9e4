import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { corrected } from "./clock.ts";
import { merged } from "./fields.ts";
import { afterAnswer } from "./held.ts";
import { afterTold, waiting } from "./notices.ts";
import { halved, nextPiece } from "./pieces.ts";
import { answered, backoffMs, due, unanswered, type Queued } from "./queue.ts";
import { nextTurn } from "./turn.ts";

/* eslint-disable @typescript-eslint/no-explicit-any */
type Case = Record<string, any> & { name: string };

const FOLDER = new URL("../../contracts/sync/vectors/", import.meta.url);
const cases = (name: string): Case[] => JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")) as Case[];
const COUNTS = { backoff: 6, clock: 8, fields: 8, held: 10, notices: 6, order: 12, outcome: 11, pieces: 10, turns: 18 };

const queued = (given: object): Queued =>
  ({ state: "waiting", tries: 0, later: 0, next_ms: 0, bytes_ready: true, size: 0, file_size: 0, code: "", ...given }) as Queued;

test("all vectors are run", () => {
  const names = readdirSync(FOLDER).map((f) => f.replace(".json", ""));
  expect(Object.fromEntries(names.map((n) => [n, cases(n).length]))).toEqual(COUNTS);
});

test.each(cases("clock"))("clock: $name", (c) => {
  expect(corrected(c.made_us, c.clock_us, c.received_us)).toEqual({ at_us: c.at_us, ahead_us: c.ahead_us, is_wrong: c.is_wrong });
});

test.each(cases("fields"))("fields: $name", (c) => {
  expect(merged(c.was, c.fields, c.now)).toEqual({ take: c.take, same: c.same, clashes: c.clashes });
});

test.each(cases("order"))("order: $name", (c) => {
  expect(due(c.queue.map(queued), c.now_ms)).toEqual(c.due);
});

test.each(cases("turns"))("turns: $name", (c) => {
  expect(nextTurn(c.queue.map(queued), c.now_ms)).toEqual({ kind: c.kind, ids: c.ids, asks: c.asks });
});

test.each(cases("backoff"))("backoff: $name", (c) => {
  expect(backoffMs(c.tries, c.chance, c.retry_after_s)).toBe(c.wait_ms);
});

test.each(cases("outcome"))("outcome: $name", (c) => {
  const record = queued(c.record);
  const found = c.answer?.status
    ? answered(record, c.answer, c.now_ms, c.chance)
    : unanswered(record, c.now_ms, c.chance, c.answer?.retry_after_s ?? null);
  expect(found).toEqual(queued(c.after));
});

test.each(cases("pieces"))("pieces: $name", (c) => {
  if ("halved" in c) expect(halved(c.halved)).toBe(c.to);
  else expect(nextPiece(c.size, c.offset, c.piece)).toEqual(c.next);
});

test.each(cases("held"))("held: $name", (c) => {
  expect(afterAnswer(c.held, c.status, c.answer)).toEqual(c.after);
});

test.each(cases("notices"))("notices: $name", (c) => {
  const [found, asksAgain] = afterTold(c.held, c.told);
  expect([found.edition, asksAgain]).toEqual([c.edition, c.asks_again]);
  expect(waiting(found.items, c.queue).map((n) => (n as { id: string }).id)).toEqual(c.waiting);
});
