import { describe, expect, it } from "vitest";
import { rowsOf } from "./checklist.ts";
import type { Entry, Item, Lists } from "./state.ts";

const said = (text: string) => ({ zh: `${text}。`, en: text });
const lists = {
  edition: "ab",
  lists: [{
    type: "rescue", name: said("Rescue"), sources: [],
    items: ["position", "persons"].map((id) => ({ id, text: said(id), source: "", is_listed: true, done: null })),
  }],
} as unknown as Lists;
const item = (ticks: Item["ticks"], type = "rescue") => ({ id: "i-1", incident: { type }, ticks }) as Item;
const tick = (id: string, text = id) => ({ item: id, by: "A", at: "2026-11-30T03:00:00Z", said: said(text) });
const noted = (thing: string, id: string, state = "waiting", done = true) =>
  ({ kind: "incident.check", thing, state, record: { fields: { done, item: id } } }) as unknown as Entry;

describe("the checklist on the phone", () => {
  it("shows what is ticked, by whom, and what waits to be sent", () => {
    const rows = rowsOf(item([tick("position")]), lists, [noted("i-1", "persons")]);
    expect(rows.map((r) => [r.id, r.done?.by ?? null, r.isWaiting])).toEqual([["position", "A", false], ["persons", null, true]]);
  });

  it("counts no tick of another incident, none that was refused and none that is taken back", () => {
    const queue = [noted("i-2", "persons"), noted("i-1", "persons", "aside"), noted("i-1", "position", "waiting", false)];
    expect(rowsOf(item([]), lists, queue).some((r) => r.isWaiting)).toBe(false);
  });

  it("keeps what was ticked though the list changed", () => {
    const rows = rowsOf(item([tick("position", "Where"), tick("old", "Old")]), lists, []);
    expect(rows.map((r) => [r.id, r.isListed, r.saidThen?.en ?? null])).toEqual([
      ["position", true, "Where"], ["persons", true, null], ["old", false, null],
    ]);
  });

  it("is empty for a type without a list, and before the lists came", () => {
    expect(rowsOf(item([], "other"), lists, [])).toEqual([]);
    expect(rowsOf(item([]), null, [])).toEqual([]);
  });
});
