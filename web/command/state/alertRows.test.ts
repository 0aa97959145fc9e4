import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Alert } from "../../client/types.ts";
import { rowsOf } from "./alertRows.ts";

const messages = JSON.parse(readFileSync(new URL("../../../contracts/live/messages.json", import.meta.url), "utf8")) as { alerts: { rows: Alert[] } };
const make = (id: string, group: string): Alert => ({ ...messages.alerts.rows[0]!, id, group });

describe("rows of alerts", () => {
  const alerts = [make("b", "b"), make("a", "a"), make("c", "b"), make("d", "b")];
  const told = (opened: string[]): string[] =>
    rowsOf(alerts, new Set(opened)).map((r) => `${r.alert.id}${r.behind ? `+${r.behind}` : ""}${r.isInside ? " inside" : ""}`);

  it("are one for a group, where the first of the list stands", () => {
    expect(told([])).toEqual(["b+2", "a"]);
  });
  it("open to all of the group, and lose none", () => {
    expect(told(["b"])).toEqual(["b+2", "c inside", "d inside", "a"]);
    expect(told(["a"])).toEqual(["b+2", "a"]); // it stands alone: there is nothing to open
  });
  it("keep an alert whose group's first is not in the list", () => {
    expect(rowsOf([make("c", "b")], new Set()).map((r) => [r.alert.id, r.behind])).toEqual([["c", 0]]);
  });
});
