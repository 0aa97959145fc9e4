import { describe, expect, it } from "vitest";
import type { DutyShift, Paper, Regulation } from "../../../client/duty.ts";
import { byDay, byPost, membersOf, nameOf, offeredSteps, shiftName, stands, unsaid } from "./shifts.ts";

const regulation = {
  id: "province", zh: "规定", en: "regulation", source: "", zone: "Asia/Shanghai", teams: ["A"], turns: [{ id: "day", zh: "白班", en: "day", begins: "08:00" }], checks: [],
  posts: [
    { id: "lead", zh: "值班长", en: "watch lead", least: 1, on_call: false, hands_over: true },
    { id: "officer", zh: "值班员", en: "watch officer", least: 2, on_call: false, hands_over: false },
  ],
  items: [
    { id: "promised", zh: "已答应", en: "promised", required: true },
    { id: "remarks", zh: "其他", en: "remarks", required: false },
  ],
} satisfies Regulation;

const stint = (account: string, post: string, begin = "2026-03-20T00:00:00Z") =>
  ({ account, name: account, post, begin, end: "2026-03-20T12:00:00Z", why: "pattern" }) as const;
const shift = (key: string, ...stints: DutyShift["stints"]): DutyShift =>
  ({ key, turn: key.slice(11), begin: "", end: "", team: "A", stints, short: [{ post: "officer", begin: "", end: "", has: 1, least: 2 }] });

describe("a roster", () => {
  it("has its shifts by day in order", () => {
    const days = byDay([shift("2026-03-20.day"), shift("2026-03-20.night"), shift("2026-03-21.day")]);
    expect(days.map(([day, found]) => [day, found.length])).toEqual([["2026-03-20", 2], ["2026-03-21", 1]]);
  });

  it("names each person once at a post and says where there are too few", () => {
    const one = shift("2026-03-20.day", stint("ann", "lead"), stint("ann", "lead", "2026-03-20T06:00:00Z"), stint("bao", "officer"));
    expect(byPost(one, regulation).map((p) => [p.post.id, p.people.map((s) => s.account), p.isShort])).toEqual([
      ["lead", ["ann"], false], ["officer", ["bao"], true],
    ]);
    expect([stands(one, "bao"), stands(one, "eve")]).toEqual([true, false]);
    expect([nameOf(regulation.posts, "lead", "zh"), nameOf(regulation.posts, "cook", "en")]).toEqual(["值班长", "cook"]);
    expect(shiftName("2026-03-20.day", regulation, "zh")).toBe("2026-03-20 白班");
  });
});

describe("a handover", () => {
  it("says what is still to be stated, blanks being nothing", () => {
    expect(unsaid(regulation, {})).toEqual(["promised"]);
    expect(unsaid(regulation, { promised: " " })).toEqual(["promised"]);
    expect(unsaid(regulation, { promised: "none" })).toEqual([]);
  });
});

describe("what is offered on a paper", () => {
  const paper = (kind: Paper["kind"], next: string[], doc: Record<string, unknown>): Paper =>
    ({ id: "p", kind, unit: "", agency: "", state: "asked", by: "ann", made: "", since: "", version: 1, doc, holds: null, names: {}, next });

  it("leaves a swap to the two, and its approval to another who plans", () => {
    const swap = paper("swap", ["agree", "decline", "approve"], { giver: "ann", taker: "cai", agreed: ["ann"] });
    expect(offeredSteps(swap, "ann", ["duty.plan"])).toEqual(["decline"]);
    expect(offeredSteps(swap, "cai", [])).toEqual(["agree", "decline"]);
    expect(offeredSteps(swap, "lead", ["duty.plan"])).toEqual(["approve"]);
    expect(offeredSteps(swap, "eve", [])).toEqual([]);
  });

  it("leaves reading and signing of a handover to who comes", () => {
    const signed = paper("handover", ["read", "take_back"], { signed_by: "ann", read_by: "" });
    expect(offeredSteps(signed, "ann", ["duty.handover"])).toEqual(["take_back"]);
    expect(offeredSteps(signed, "cai", ["duty.handover"])).toEqual(["read"]);
    const read = paper("handover", ["read", "take_over", "take_back"], { signed_by: "ann", read_by: "cai" });
    expect(offeredSteps(read, "dan", ["duty.handover"])).toEqual(["read"]);
    expect(offeredSteps(read, "cai", ["duty.handover"])).toEqual(["read", "take_over"]);
  });

  it("leaves the acceptance of a repair to another than who mended", () => {
    const mended = paper("fault", ["close", "reopen"], { mended_by: "ann" });
    expect(offeredSteps(mended, "ann", ["duty.fault"])).toEqual(["reopen"]);
    expect(offeredSteps(mended, "bao", ["duty.fault"])).toEqual(["close", "reopen"]);
  });
});

describe("a roster from a file", () => {
  const team = { team: "A", members: [{ name: "林安", post: { zh: "值班员", en: "officer" } }, { name: "符海", post: { zh: "值班长", en: "lead" } }] };

  it("says who would stand, in the reader's language", () => {
    expect(membersOf(team, "zh")).toBe("林安（值班员）、符海（值班长）");
    expect(membersOf(team, "en")).toBe("林安 (officer), 符海 (lead)");
    expect(membersOf({ team: "B", members: [] }, "zh")).toBe("");
  });
});
