import { expect, test } from "vitest";
import { bulletinsNow, readOf, type Bulletin } from "./bulletins.ts";
import type { Entry, Item } from "./state.ts";

const NOW = Date.parse("2026-11-29T12:00:00Z");
const bulletin = (id: string, more: Partial<Bulletin> = {}): Bulletin =>
  ({ id, seq: 1, version: 1, severity: "ordinary", valid_until: null, asks_read: true, read_version: 0, ...more }) as Bulletin;
const item = (of: Bulletin): Item => ({ kind: "bulletin", id: of.id, bulletin: of }) as Item;

test("the gravest stand first, then the newest; those whose time is up not at all", () => {
  const all = [
    bulletin("old", { seq: 1, severity: "serious" }),
    bulletin("new", { seq: 3, severity: "serious" }),
    bulletin("grave", { seq: 2, severity: "extreme", valid_until: "2026-11-29T12:00:01Z" }),
    bulletin("over", { seq: 4, severity: "extreme", valid_until: "2026-11-29T12:00:00Z" }),
  ];
  const others = [{ kind: "task", id: "t" } as Item];
  expect(bulletinsNow([...others, ...all.map(item)], NOW).map((b) => b.id)).toEqual(["grave", "new", "old"]);
});

test("what waits in the queue is read, what was set aside is not", () => {
  const noted = (version: number, state: Entry["state"] = "waiting") =>
    ({ kind: "bulletin.read", thing: "b", state, record: { fields: { version } } }) as unknown as Entry;
  const of = bulletin("b", { version: 3, read_version: 1 });
  expect(readOf(of, [])).toBe(1);
  expect(readOf(of, [noted(2), noted(3, "aside")])).toBe(2);
  expect(readOf(of, [noted(3, "sent")])).toBe(3);
  expect(readOf(bulletin("c"), [noted(3)])).toBe(0);
});
