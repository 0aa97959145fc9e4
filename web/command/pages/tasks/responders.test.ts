import { describe, expect, it } from "vitest";
import type { Responder } from "../../../client/tasks.ts";
import { bodyOf, changeOf, draftOf, emptyDraft, faultsOf, fitting, isOf } from "./responders.ts";

const boat = (more: Partial<Responder> = {}): Responder =>
  ({
    id: "r-1", version: 1, name: "琼巡 01", kind: "boat", office: "460100", office_name: { zh: "海口", en: "Haikou" }, agency: "coast_guard",
    skills: ["board", "tow"], speed_kn: 30, endurance_min: 240, base: { lon: 110.3, lat: 20.06 }, mmsi: 412000001, tak_uid: "ANDROID-1", account: "", account_name: "",
    is_mine: false, shared_with: [], status: "available", out_reason: "", position: null, ...more,
  }) as Responder;

describe("the form of a responder", () => {
  it("names what is wrong at its field", () => {
    const empty = emptyDraft({ unit: "460100", agency: "coast_guard" });
    expect(faultsOf(empty)).toEqual({ name: "form.required" });
    expect(faultsOf({ ...draftOf(boat()), speed: "fast", endurance: "-1", lat: "91", lon: "", mmsi: "12" })).toEqual({
      speed: "res.fault.number", endurance: "res.fault.number", lat: "res.fault.lat", lon: "res.fault.both", mmsi: "res.fault.mmsi",
    });
    expect(faultsOf({ ...draftOf(boat()), kind: "grid_worker" })).toEqual({ speed: "res.fault.person" });
    expect(faultsOf({ ...draftOf(boat()), lat: "" })).toEqual({ lat: "res.fault.both" });
    expect(faultsOf(draftOf(boat()))).toEqual({});
  });

  it("knows its fields by the names that the server gives them", () => {
    expect([isOf("skills", "skills.0"), isOf("lat", "base.lat"), isOf("lon", "base.lat"), isOf("speed", "speed_mps"), isOf("office", "unit")]).toEqual([
      true, true, false, true, true,
    ]);
  });

  it("sends of an edit what differs, with what was seen, and nothing where nothing differs", () => {
    const before = boat();
    expect(changeOf(before, { ...draftOf(before), skills: ["tow", "board"] })).toBeNull();
    expect(changeOf(before, { ...draftOf(before), speed: " 28.5 ", lat: "", lon: "" })).toEqual({
      speed_kn: 28.5, base: null, seen: { speed_kn: 30, base: { lat: 20.06, lon: 110.3 } },
    });
  });

  it("sends of a new one what is filled in", () => {
    const draft = { ...emptyDraft({ unit: "460100", agency: "coast_guard" }), name: " Skiff 3 ", skills: ["night" as const], endurance: "90" };
    expect(bodyOf(draft)).toEqual({
      name: "Skiff 3", kind: "boat", office: "460100", agency: "coast_guard", skills: ["night"], speed_kn: null, endurance_min: 90,
      base: null, mmsi: null, tak_uid: "", account: "",
    });
  });
});

describe("the list of responders", () => {
  const items = [boat(), boat({ id: "r-2", name: "Drone", status: "out_of_service", office_name: { zh: "三亚", en: "Sanya" } })];

  it("keeps what is out of service apart and finds by name, office and MMSI", () => {
    expect(fitting(items, "in", "").map((r) => r.id)).toEqual(["r-1"]);
    expect(fitting(items, "out", "").map((r) => r.id)).toEqual(["r-2"]);
    expect(fitting(items, "all", "三亚").map((r) => r.id)).toEqual(["r-2"]);
    expect(fitting(items, "all", "41200").length).toBe(2);
  });
});
