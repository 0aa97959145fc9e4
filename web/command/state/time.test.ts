import { describe, expect, it } from "vitest";
import { clocksApart, dayStart, fromWall, toWall } from "./time.ts";

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

describe("the clock of the picture and that of people", () => {
  const wall = Date.parse("2026-11-29T12:00:00Z");
  it("are one in a live watch, also where a feed has been silent for hours", () => {
    expect(clocksApart({ event_time: "2026-11-29T11:59:58.000Z", speed: 1 }, wall)).toBe(false);
    expect(clocksApart({ event_time: "2026-11-29T03:00:00.000Z", speed: 1 }, wall)).toBe(false);
    expect(clocksApart(null, wall)).toBe(false);
  });
  it("are two where the picture runs faster, or shows another day", () => {
    expect(clocksApart({ event_time: "2026-11-29T11:59:58.000Z", speed: 10 }, wall)).toBe(true);
    expect(clocksApart({ event_time: "2026-08-15T12:00:00.000Z", speed: 1 }, wall)).toBe(true);
  });
});
