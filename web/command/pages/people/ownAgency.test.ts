import { describe, expect, it } from "vitest";
import { FOR_NONE, needsAgency, ownAgency } from "./ownAgency.ts";
import { isWhole, newRole, roleBody } from "./roleForm.ts";

const agency = (code: string, kind: string, unit: string) => ({ code, kind, unit });
const ALL = [
  agency("hn-customs", "customs", "460000"), agency("hk-customs", "customs", "460100"),
  agency("hk-police", "police", "460100"), agency("hn-platform", "platform", "460000"),
];

describe("the agency of a new role", () => {
  it("is that of who asks, in the unit of the role, else in the own", () => {
    const places = [{ unit: "460000", agency: "customs" }];
    expect(ownAgency(ALL, places, "460100")).toBe("hk-customs");
    expect(ownAgency(ALL, places, "460200")).toBe("hn-customs");
    expect(ownAgency(ALL, places, "")).toBe("hn-customs");
  });

  it("is left to be chosen where there is more than one, and by who works for none on the watch", () => {
    const two = [...ALL, agency("hk-customs-2", "customs", "460100")];
    expect(ownAgency(two, [{ unit: "460000", agency: "customs" }], "460100")).toBe("");
    expect(ownAgency(ALL, [{ unit: "460000", agency: "platform" }], "460000")).toBe("");
    expect(ownAgency(ALL, [], "460100")).toBe("");
  });

  it("must be chosen, or none, for a role that works for one", () => {
    const form = { ...newRole("460100"), role: "watch_officer", why: "joins" };
    expect(needsAgency(form.role)).toBe(true);
    expect(isWhole(form)).toBe(false);
    expect(isWhole({ ...form, agency: "hk-police" })).toBe(true);
    expect(isWhole({ ...form, agency: FOR_NONE })).toBe(true);
    expect(isWhole({ ...form, role: "auditor" })).toBe(true);
  });

  it("goes to the server as chosen, none as none, with the days by the calendar of the coast", () => {
    const form = { ...newRole("460100"), role: "watch_officer", why: " joins ", to: "2030-01-01" };
    expect(roleBody({ ...form, agency: FOR_NONE }, "Asia/Shanghai")).toEqual({
      role: "watch_officer", unit: "460100", agency: null, valid_from: null, valid_to: "2029-12-31T16:00:00.000Z", local: false, why: "joins",
    });
    expect(roleBody({ ...form, agency: "hk-police" }, "Asia/Shanghai").agency).toBe("hk-police");
  });
});
