import { describe, expect, it } from "vitest";
import type { Task } from "../../../client/tasks.ts";
import { COLUMNS, inOrder, joined, minutes, OVER } from "./board.ts";

const task = (id: string, seq: number, more: Partial<Task> = {}): Task =>
  ({ id, seq, state: "offered", since: "2026-11-29T08:00:00Z", call: null, ...more }) as Task;

describe("the board of tasks", () => {
  it("keeps of each task the latest, whichever answer came first", () => {
    const found = joined([task("a", 1), task("b", 5)], [task("b", 4, { state: "done" }), task("a", 3, { state: "accepted" })]);
    expect(found.map((t) => [t.id, t.seq, t.state])).toEqual([["a", 3, "accepted"], ["b", 5, "offered"]]);
  });

  it("puts silence and calls for help first, then the longest in their state", () => {
    const call = { rung: 2 } as Task["call"];
    const items = [
      task("new", 1, { since: "2026-11-29T08:02:00Z" }), task("old", 2, { since: "2026-11-29T08:01:00Z" }), task("help", 3, { call }),
    ];
    expect(inOrder(items, false).map((t) => t.id)).toEqual(["help", "old", "new"]);
    expect(inOrder(items.slice(0, 2), true).map((t) => t.id)).toEqual(["new", "old"]);
  });

  it("has a column for every state", () => {
    const states = COLUMNS.flatMap((c) => c.states);
    expect(new Set(states).size).toBe(7);
    expect(states).toHaveLength(7);
    expect([...OVER]).toEqual(COLUMNS.at(-1)!.states);
  });

  it("tells nobody sooner than they come", () => {
    expect([0, 1, 60, 61].map(minutes)).toEqual([0, 1, 1, 2]);
  });
});
