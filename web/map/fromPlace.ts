import { destination, MILE_M } from "./geo.ts";
import type { Position } from "./position.ts";

/** A place by whose name a position is given. */
export interface Named {
  names: string[];
  at: Position;
}

export interface FromPlace {
  at: Position;
  place: Named;
  bearingDeg: number;
  distanceM: number;
}

const NUMBER = "(\\d+(?:[.,]\\d+)?)";
const BEARING = `${NUMBER}\\s*(?:°|度)?\\s*[tT]?`;
const DISTANCE = `${NUMBER}\\s*(nm|NM|n\\.?m\\.?|海里|浬|km|公里|千米)?`;
const NUMBERS_FIRST = new RegExp(`^${BEARING}[\\s,/]+${DISTANCE}[\\s,]*(?:(?:from|of|off)\\s+|距)?\\s*(.*?)$`);
const PLACE_FIRST = new RegExp(`^(.*?)[\\s,]*(?:方位|bearing)?\\s*${BEARING}[\\s,/]+(?:距离?\\s*)?${DISTANCE}$`);

const plain = (text: string): string => text.trim().toLowerCase();

/** Those of that name, else those whose name begins so, else those that have it within. */
export function placesOf(name: string, places: readonly Named[]): Named[] {
  const wanted = plain(name);
  if (!wanted) return [];
  for (const fits of [(n: string) => n === wanted, (n: string) => n.startsWith(wanted), (n: string) => n.includes(wanted)]) {
    const found = places.filter((p) => p.names.some((n) => fits(plain(n))));
    if (found.length) return found;
  }
  return [];
}

/** `245 3.2 Xiuying`, `245°T 3.2 nm from Xiuying`, `秀英 245° 3.2海里`: true bearing from a place and distance, in miles
 * unless it says kilometres; one for each place that the name may mean. Empty when it is nothing of the kind. */
export function parseFromPlace(text: string, places: readonly Named[]): FromPlace[] {
  const first = NUMBERS_FIRST.exec(text.trim());
  const last = first?.[4] ? null : PLACE_FIRST.exec(text.trim());
  const [bearing, distance, unit, name] = first?.[4] ? [first[1], first[2], first[3], first[4]] : [last?.[2], last?.[3], last?.[4], last?.[1]];
  if (bearing === undefined || distance === undefined) return [];
  const bearingDeg = Number(bearing.replace(",", "."));
  const distanceM = Number(distance.replace(",", ".")) * (/km|公里|千米/.test(unit ?? "") ? 1000 : MILE_M);
  if (bearingDeg > 360 || distanceM > 500 * MILE_M) return [];
  return placesOf(name ?? "", places).map((place) => ({ at: destination(place.at, bearingDeg, distanceM), place, bearingDeg, distanceM }));
}
