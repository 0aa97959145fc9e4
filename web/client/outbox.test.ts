import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { News } from "./live.protocol.ts";
import { Outbox } from "./outbox.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const one = (is: News["is"]): News => ({ is }) as News;

function box(): { posted: string[][]; outbox: Outbox } {
  const posted: string[][] = [];
  return { posted, outbox: new Outbox((news) => posted.push(news.map((n) => n.is))) };
}

it("sends a frame's tail, picture and health as one, whether the health came before or after", () => {
  const { posted, outbox } = box();
  for (const is of ["tail", "picture", "health"] as const) outbox.put(one(is), []);
  vi.advanceTimersByTime(600);
  expect(posted).toEqual([["tail", "picture", "health"]]);
  outbox.put(one("health"), []);
  vi.advanceTimersByTime(400);
  outbox.put(one("picture"), []);
  vi.advanceTimersByTime(600);
  expect(posted.slice(1)).toEqual([["health", "picture"]]);
});

it("sends health alone when no picture comes", () => {
  const { posted, outbox } = box();
  outbox.put(one("health"), []);
  vi.advanceTimersByTime(1499);
  expect(posted).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(posted).toEqual([["health"]]);
});

it("holds back no alert, and hands over memory with the news that it belongs to", () => {
  const sent: [string[], Transferable[]][] = [];
  const outbox = new Outbox((news, transfer) => sent.push([news.map((n) => n.is), transfer]));
  const memory = new ArrayBuffer(8);
  outbox.put(one("picture"), [memory]);
  outbox.put(one("alerts"), []);
  outbox.put(one("link"), []);
  vi.advanceTimersByTime(2000);
  expect(sent).toEqual([[["picture", "alerts"], [memory]], [["link"], []]]);
});
