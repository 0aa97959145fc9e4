import { describe, expect, it } from "vitest";
import { dayStart, fromWall, toWall } from "./time.ts";

describe("times of forms", () => {
  it("are those of the watch's wall, in summer and in winter", () => {
    expect(toWall("2026-03-20T00:00:00.000Z", "Asia/Shanghai")).toBe("2026-03-20T08:00");
    for (const iso of ["2026-01-10T09:30:00.000Z", "2026-07-10T09:30:00.000Z", "2026-03-29T00:59:00.000Z", "2026-03-29T01:00:00.000Z"]) {
      expect(fromWall(toWall(iso, "Europe/London"), "Europe/London")).toBe(iso);
      expect(fromWall(toWall(iso, "Asia/Shanghai"), "Asia/Shanghai")).toBe(iso);
    }
    expect(fromWall("", "Asia/Shanghai")).toBe("");
  });

  it("begin a day at the watch's midnight, wherever the browser stands", () => {
    expect(dayStart("2030-01-01", "Asia/Shanghai")).toBe("2029-12-31T16:00:00.000Z");
    expect(dayStart("2030-07-01", "Europe/London")).toBe("2030-06-30T23:00:00.000Z");
    expect(dayStart("", "Asia/Shanghai")).toBeNull();
  });
});
