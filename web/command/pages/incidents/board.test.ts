import { describe, expect, it } from "vitest";
import type { Incident, IncidentStep } from "../../../client/incidents.ts";
import { inOrder, itemOf, joined, saidThen } from "./board.ts";

const incident = (id: string, more: Partial<Incident> = {}): Incident =>
  ({ id, version: 1, severity: "ordinary", opened: "2026-11-29T08:00:00Z", due: null, ...more }) as Incident;

describe("the board", () => {
  it("keeps the latest of each, whichever came first", () => {
    const before = [incident("a"), incident("b", { version: 3 })];
    const now = [incident("a", { version: 2 }), incident("b", { version: 2 }), incident("c")];
    expect(joined(before, now).map((i) => [i.id, i.version])).toEqual([["a", 2], ["b", 3], ["c", 1]]);
  });

  it("shows first what is overdue, then what is grave, then what is new", () => {
    const due = { level: "accept", at: "2026-11-29T08:15:00Z" };
    const items = [
      incident("old"),
      incident("new", { opened: "2026-11-29T09:00:00Z" }),
      incident("grave", { severity: "extreme" }),
      incident("late", { due: { ...due, rung: 1 } }),
      incident("later", { due: { ...due, rung: 2 } }),
      incident("in time", { due: { ...due, rung: 0 }, severity: "serious" }),
    ];
    expect(inOrder(items).map((i) => i.id)).toEqual(["later", "late", "grave", "in time", "new", "old"]);
  });
});

describe("the checklist", () => {
  const text = { zh: "位置", en: "Where" };
  const done = { by: "A", desk: "460100", at: "2026-11-29T08:00:00Z", received: "2026-11-29T08:00:01Z", said: text };
  const item = { id: "position", text, source: "", is_listed: true, done };

  it("says what was ticked where the file says something else since", () => {
    expect(saidThen(item)).toBeNull();
    expect(saidThen({ ...item, done: null })).toBeNull();
    expect(saidThen({ ...item, text: { zh: "现位置", en: "Where now" } })).toEqual(text);
    expect(saidThen({ ...item, text: { zh: "现位置", en: "Where now" }, is_listed: false })).toBeNull();
  });

  it("names in the running log what was ticked, in the reader's language", () => {
    const step = (fields: Record<string, unknown>) => ({ fields }) as unknown as IncidentStep;
    expect(itemOf(step({ item: "position", seen: text }), "zh")).toBe("位置");
    expect(itemOf(step({ title: "x", seen: { title: "y" } }), "zh")).toBeNull();
  });
});
