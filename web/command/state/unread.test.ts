import { expect, test } from "vitest";
import type { Bulletin } from "../../client/bulletins.ts";
import { unread } from "./unread.ts";

const bulletin = (id: string, more: Partial<Bulletin>): Bulletin =>
  ({ id, seq: 1, version: 1, severity: "ordinary", state: "in_force", read_version: 0, ...more }) as Bulletin;

test("what is in force and says something unread stands in the strip, the gravest first", () => {
  const found = unread([
    bulletin("read", { read_version: 1 }),
    bulletin("revised", { version: 2, read_version: 1, seq: 7 }),
    bulletin("coming", { state: "coming" }),
    bulletin("newer", { seq: 9 }),
    bulletin("grave", { severity: "extreme" }),
  ]);
  expect(found.map((b) => b.id)).toEqual(["grave", "newer", "revised"]);
});
