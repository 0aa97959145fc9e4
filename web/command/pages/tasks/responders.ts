import type { Responder, ResponderBody, ResponderChange } from "../../../client/tasks.ts";

export const KINDS: Responder["kind"][] = ["boat", "cutter", "vehicle", "team", "drone", "helicopter", "grid_worker"];
export const SKILLS: Responder["skills"][number][] = ["board", "tow", "fire", "medical", "dive", "night", "shallow", "pollution", "search"];

/** What stands in the form: as it is typed. */
export interface Draft {
  name: string;
  kind: Responder["kind"];
  office: string;
  agency: string;
  skills: Responder["skills"];
  speed: string;
  endurance: string;
  lat: string;
  lon: string;
  mmsi: string;
  tak: string;
  account: string;
}

export type DraftField = keyof Draft;
/** Why a field is not right, by the word of the pages. */
export type Fault = "res.fault.number" | "res.fault.both" | "res.fault.lat" | "res.fault.lon" | "res.fault.mmsi" | "res.fault.person" | "form.required";

const typed = (value: number | null | undefined): string => (value === null || value === undefined ? "" : String(value));

export const draftOf = (of: Responder): Draft => ({
  name: of.name, kind: of.kind, office: of.office, agency: of.agency, skills: of.skills, speed: typed(of.speed_kn),
  endurance: typed(of.endurance_min), lat: typed(of.base?.lat), lon: typed(of.base?.lon), mmsi: typed(of.mmsi), tak: of.tak_uid, account: of.account,
});

export const emptyDraft = (place: { unit: string; agency: string } | undefined): Draft => ({
  name: "", kind: "boat", office: place?.unit ?? "", agency: place?.agency ?? "", skills: [], speed: "", endurance: "", lat: "", lon: "",
  mmsi: "", tak: "", account: "",
});

/** What is wrong, before anything is sent, at its field. */
export function faultsOf(draft: Draft): Partial<Record<DraftField, Fault>> {
  const found: Partial<Record<DraftField, Fault>> = {};
  const number = (field: "speed" | "endurance" | "lat" | "lon"): number | null => {
    const text = draft[field].trim();
    if (text === "") return null;
    const value = Number(text);
    if (!Number.isFinite(value)) found[field] = "res.fault.number";
    return value;
  };
  if (draft.name.trim() === "") found.name = "form.required";
  if (draft.office.trim() === "") found.office = "form.required";
  for (const field of ["speed", "endurance"] as const) {
    const value = number(field);
    if (value !== null && value <= 0) found[field] = "res.fault.number";
  }
  if (draft.kind === "grid_worker" && draft.speed.trim() !== "") found.speed = "res.fault.person";
  const [lat, lon] = [number("lat"), number("lon")];
  if (lat !== null && Math.abs(lat) > 90) found.lat = "res.fault.lat";
  if (lon !== null && Math.abs(lon) > 180) found.lon = "res.fault.lon";
  if (lat === null && lon !== null) found.lat = "res.fault.both";
  if (lon === null && lat !== null) found.lon = "res.fault.both";
  if (draft.mmsi.trim() !== "" && !/^\d{9}$/.test(draft.mmsi.trim())) found.mmsi = "res.fault.mmsi";
  return found;
}

const numberOf = (text: string): number | null => (text.trim() === "" ? null : Number(text));

type Values = Omit<ResponderBody, "kind" | "office" | "agency">;

function valuesOf(draft: Draft): Values {
  const [lat, lon] = [numberOf(draft.lat), numberOf(draft.lon)];
  return {
    name: draft.name.trim(), skills: draft.skills, speed_kn: numberOf(draft.speed), endurance_min: numberOf(draft.endurance),
    base: lat === null || lon === null ? null : { lat, lon }, mmsi: numberOf(draft.mmsi), tak_uid: draft.tak.trim(), account: draft.account,
  };
}

export const bodyOf = (draft: Draft): ResponderBody => ({
  ...valuesOf(draft), kind: draft.kind, office: draft.office.trim(), agency: (draft.agency || null) as ResponderBody["agency"],
});

/** Of an edit what differs, and what its editor saw there; null: nothing does. */
export function changeOf(before: Responder, draft: Draft): ResponderChange | null {
  const [was, now] = [valuesOf(draftOf(before)), valuesOf(draft)];
  const names = (Object.keys(now) as (keyof Values)[]).filter((n) => told(was[n]) !== told(now[n]));
  if (names.length === 0) return null;
  const pick = (from: Values) => Object.fromEntries(names.map((n) => [n, from[n]]));
  return { ...pick(now), seen: pick(was) };
}

const told = (value: unknown): string => JSON.stringify(Array.isArray(value) ? [...value].sort() : value);

/** By which names the server calls what stands in a field of the form. */
const CALLED: Record<DraftField, string[]> = {
  name: ["name"], kind: ["kind"], office: ["office", "unit"], agency: ["agency"], skills: ["skills"], speed: ["speed_kn", "speed_mps"],
  endurance: ["endurance_min", "endurance_s"], lat: ["base.lat"], lon: ["base.lon"], mmsi: ["mmsi"], tak: ["tak_uid"], account: ["account"],
};

/** Whether what the server names is in that field of the form: of a list also one of it, as skills.0. */
export const isOf = (field: DraftField, name: string): boolean => CALLED[field].some((c) => name === c || name.startsWith(`${c}.`));

export type Which = "in" | "out" | "all";

/** Those of the office first as they are listed; what is out of service stands apart. */
export function fitting(items: readonly Responder[], which: Which, text: string): Responder[] {
  const wanted = text.trim().toLocaleLowerCase();
  return items.filter(
    (r) =>
      (which === "all" || (r.status === "out_of_service") === (which === "out")) &&
      `${r.name} ${r.office_name.zh} ${r.office_name.en} ${r.mmsi ?? ""}`.toLocaleLowerCase().includes(wanted),
  );
}
