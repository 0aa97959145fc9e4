/** What is typed of a contact, as text, and what is sent of it. */
import type { Contact, ContactStep, ReportBody, What } from "../../client/contacts.ts";
import { parseFromPlace, type Named } from "../../map/fromPlace.ts";
import { MILE_M } from "../../map/geo.ts";
import { formatPosition, parsePosition, type Position } from "../../map/position.ts";
import type { Lang } from "../../words/index.ts";
import { fromWall, toWall } from "../state/time.ts";

export interface Typed {
  place: string;
  /** By the wall of the watch; empty: now. */
  heard: string;
  what: What;
  source: Contact["source"];
  channel: string;
  station: string;
  name: string;
  callSign: string;
  mmsi: string;
  course: string;
  speed: string;
  onBoard: string;
  accuracyNm: string;
  keepH: string;
  said: string;
}

export const NOTHING: Typed = {
  place: "", heard: "", what: "vessel", source: "vhf", channel: "16", station: "", name: "", callSign: "", mmsi: "", course: "", speed: "",
  onBoard: "", accuracyNm: "1", keepH: "2", said: "",
};

export const ACCURACIES_NM = ["0.1", "0.25", "0.5", "1", "2", "5", "10"];
export const KEEPS_H = ["0.5", "1", "2", "4", "8", "12"];

const text = (n: number | null | undefined): string => (n === null || n === undefined ? "" : String(n));

/** Who it is and how it goes, for the next report on it: where and when are asked anew. */
export function typedAgain(c: Contact): Typed {
  return {
    ...NOTHING, what: c.what, source: c.source, channel: c.channel, station: c.station, name: c.name, callSign: c.call_sign, mmsi: text(c.mmsi),
    course: text(c.cog_deg), speed: text(c.sog_kn), onBoard: text(c.on_board), keepH: text(c.keep_h),
  };
}

/** All that a report said, to correct it. */
export function typedOf(step: ContactStep, zone: string): Typed {
  const f = step.fields as Record<string, string | number | undefined>;
  const said = (name: string): string => String(f[name] ?? "");
  return {
    place: said("place_said") || formatPosition({ lon: Number(f.lon), lat: Number(f.lat) }),
    heard: toWall(said("heard"), zone),
    what: said("what") as What, source: said("source") as Contact["source"], channel: said("channel"), station: said("station"),
    name: said("name"), callSign: said("call_sign"), mmsi: said("mmsi"), course: said("cog_deg"), speed: said("sog_kn"), onBoard: said("on_board"),
    accuracyNm: text(Number(f.accuracy_m ?? MILE_M) / MILE_M), keepH: said("keep_h"), said: said("said"),
  };
}

export interface Placed {
  at: Position;
  /** It was given from a place, and is kept in these words too. */
  words: string;
}

/** As the search box takes a position, or as bearing and distance from a place. */
export function placed(typed: string, places: readonly Named[]): Placed | null {
  const plain = parsePosition(typed);
  if (plain) return { at: plain, words: "" };
  const [from, ...others] = parseFromPlace(typed, places);
  return from && others.length === 0 ? { at: from.at, words: typed.trim() } : null;
}

/** The names of the places that it may be from, where these are several. */
export function severalPlaces(typed: string, places: readonly Named[], lang: Lang): string[] {
  const found = parsePosition(typed) ? [] : parseFromPlace(typed, places);
  return found.length < 2 ? [] : found.map((f) => f.place.names[lang === "zh" ? 0 : f.place.names.length - 1]!);
}

const number = (typed: string): number | null => (typed.trim() === "" ? null : Number(typed.trim().replace(",", ".")));

export type Wanting = Partial<Record<"place" | "mmsi" | "cog_deg" | "sog_kn" | "on_board", true>>;

/** What cannot be sent as it is typed. */
export function wanting(typed: Typed, places: readonly Named[]): Wanting {
  const wrong: Wanting = {};
  if (!placed(typed.place, places)) wrong.place = true;
  for (const [name, value] of [["mmsi", typed.mmsi], ["cog_deg", typed.course], ["sog_kn", typed.speed], ["on_board", typed.onBoard]] as const) {
    if (Number.isNaN(number(value))) wrong[name] = true;
  }
  return wrong;
}

/** A moment that was not touched stays as it was to the second; `before`: of the report that is corrected. */
export function bodyOf(typed: Typed, at: Placed, zone: string, before?: ContactStep): ReportBody {
  const wasHeard = String(before?.fields.heard ?? "");
  const course = number(typed.course);
  return {
    lon: Number(at.at.lon.toFixed(6)), lat: Number(at.at.lat.toFixed(6)), place_said: at.words,
    heard: !typed.heard ? null : wasHeard && toWall(wasHeard, zone) === typed.heard ? wasHeard : fromWall(typed.heard, zone),
    accuracy_m: Number(typed.accuracyNm) * MILE_M,
    what: typed.what, source: typed.source, channel: typed.source === "vhf" ? typed.channel.trim() : "", station: typed.station.trim(),
    name: typed.name.trim(), call_sign: typed.callSign.trim(), mmsi: number(typed.mmsi), cog_deg: course === 360 ? 0 : course, sog_kn: number(typed.speed),
    on_board: number(typed.onBoard), said: typed.said.trim(), keep_h: Number(typed.keepH), replaces: before?.id ?? null,
  };
}
