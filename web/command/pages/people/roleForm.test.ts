import { expect, test } from "vitest";
import { isWhole, newRole, rolesWait, undecided } from "./roleForm.ts";

test("no role is chosen for anybody: what is wanting is named, and until then it is not whole", () => {
  const form = { ...newRole("460100"), why: "new clerk" };
  expect([undecided(form), isWhole(form)]).toEqual(["role.roleFirst", false]);
  const clerk = { ...form, role: "county_clerk" };
  expect([undecided(clerk), isWhole(clerk)]).toEqual(["role.agencyFirst", false]);
  expect(isWhole({ ...clerk, agency: "demo-local_government-460100" })).toBe(true);
  expect(isWhole({ ...form, role: "auditor" })).toBe(true);
});

test("an account whose role waits is told from one without a role", () => {
  const waits = rolesWait([
    { account: "a", kind: "grant", state: "waiting" },
    { account: "b", kind: "grant", state: "refused" },
    { account: "c", kind: "link", state: "waiting" },
  ]);
  expect([...waits]).toEqual(["a"]);
});
