import { expect, test } from "vitest";
import type { Contact } from "../../../client/contacts.ts";
import type { ContactStanding, Standing } from "../../../client/past.ts";
import { beginnings, contactsAt, faster, slower, standingAt } from "./playing.ts";

const at = (minute: number): string => new Date(1_764_028_800_000 + minute * 60_000).toISOString();
const ms = (minute: number): number => Date.parse(at(minute));

function standing(alert: string, minute: number, more: Partial<Standing> = {}): Standing {
  return {
    alert, at: at(minute), rule: "gap", state: "provisional", priority: 3, handling: "new", start: at(minute),
    end: null, lon: 110, lat: 20, things: [], sentence: { zh: "", en: "" }, ...more,
  };
}

test("of an alert stands what was said last by then", () => {
  const told = [standing("a", 0), standing("a", 10, { state: "confirmed" }), standing("a", 20, { handling: "acknowledged" })];
  expect(standingAt(told, ms(-1))).toEqual([]);
  expect(standingAt(told, ms(5))[0]!.state).toBe("provisional");
  expect(standingAt(told, ms(10))[0]!.state).toBe("confirmed");
  expect(standingAt(told, ms(25))[0]!.handling).toBe("acknowledged");
});

test("what was withdrawn or is over for an hour is no longer shown", () => {
  const told = [standing("a", 0), standing("a", 10, { state: "withdrawn" }), standing("b", 0, { end: at(5) })];
  expect(standingAt(told, ms(9)).map((s) => s.alert)).toEqual(["a", "b"]);
  expect(standingAt(told, ms(11)).map((s) => s.alert)).toEqual(["b"]);
  expect(standingAt(told, ms(64)).map((s) => s.alert)).toEqual(["b"]);
  expect(standingAt(told, ms(65))).toEqual([]);
});

test("the most urgent come first", () => {
  const told = [standing("a", 0), standing("b", 1), standing("c", 0, { priority: 1 })];
  expect(standingAt(told, ms(2)).map((s) => s.alert)).toEqual(["c", "b", "a"]);
});

test("an alert begins once", () => {
  const told = [standing("b", 9), standing("a", 5), standing("a", 0)];
  expect(beginnings(told).map((b) => [b.alert, b.atMs])).toEqual([["a", ms(0)], ["b", ms(9)]]);
});

test("speeds have two ends", () => {
  expect([faster(1), faster(120), slower(1), slower(120)]).toEqual([2, 120, 1, 60]);
});

test("contacts stand as they were known then, until they were ended or left the picture", () => {
  const known = (id: string, minute: number, version: number, more: Partial<Contact> = {}): ContactStanding => ({
    at: at(minute), contact: { id, version, ended: null, until: at(120), ...more } as Contact,
  });
  const ended = { at: at(30), by: "Li", why: "in_port", mmsi: null, said: "" } as const;
  const told = [known("a", 0, 1, { name: "?" }), known("a", 10, 2, { name: "HAI 1" }), known("b", 5, 1, { until: at(20) }), known("a", 30, 3, { ended })];
  const names = (minute: number): string[] => contactsAt(told, ms(minute)).map((c) => `${c.id} ${c.name ?? ""}`.trim());
  expect(names(-1)).toEqual([]);
  expect(names(9)).toEqual(["a ?", "b"]);
  expect(names(20)).toEqual(["a HAI 1"]);
  expect(names(30)).toEqual([]);
});
