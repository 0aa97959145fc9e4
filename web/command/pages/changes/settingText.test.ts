import { describe, expect, it } from "vitest";
import { wordsOf } from "../../../words/index.ts";
import { settingName, settingText, short, typedIn } from "./settingText.ts";

const t = wordsOf("en");

describe("a setting", () => {
  it.each([
    ["class_a_s", "s", 90, "90 s"],
    ["class_a_s", "s", 1800, "30 min"],
    ["stationary_s", "s", 21600, "6 h"],
    ["pairs.2.day_s", "s", 1e9, "never"],
    ["stationary_mps", "m/s", 1852 / 3600, "1 kn"],
    ["limits.0.warning_cpa_m", "m", 185, "185 m"],
    ["steady_deg", "°", 6, "6 °"],
    ["survival_max", "", 0.001, "0.001"],
    ["known_priority", "", 3, "Warning"],
    ["ports_judged", "", false, "no"],
    ["median_speed_mps", "m/s", null, "off"],
  ] as const)("%s in %s of %s is %s", (name, unit, value, text) => {
    expect(settingText({ name, unit }, value, t)).toBe(text);
  });
});

describe("what is typed", () => {
  it("is in the unit in which it is read: six knots are 3.0867 m/s", () => {
    const { unit, factor } = typedIn("m/s");
    expect([unit, short((6 * 1852) / 3600 / factor)]).toEqual(["kn", "6"]);
    expect(6 * factor).toBeCloseTo(3.086667, 6);
    expect(typedIn("s")).toEqual({ unit: "s", factor: 1 });
  });
});

describe("the name of a setting", () => {
  it("is its label, else told part by part in words", () => {
    const raw = (name: string) => ({ name, zh: name, en: name });
    expect(settingName({ name: "class_a_s", zh: "A 类船载台静默时限", en: "Silence of class A" }, "zh")).toBe("A 类船载台静默时限");
    expect(settingName(raw("ring_alerts.0.from_ring"), "zh")).toBe("告警的圈层 · 1 · 离开圈层");
    expect(settingName(raw("ring_alerts.1.to_ring"), "en")).toBe("Rings told of · 2 · To ring");
  });
});
