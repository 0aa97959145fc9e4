import { destination, KNOT_MPS } from "./geo.ts";
import type { Position } from "./position.ts";

/** What the server says of how a contact is reckoned on. */
export interface Reckoned {
  heard: string;
  lon: number;
  lat: number;
  accuracy_m: number;
  reckoned_until: string;
  along_deg: number;
  along_kn: number;
  growth_kn: number;
}

/** It is within `radiusM` of there; `isOld`: reckoned no further than some time ago. */
export interface Reckoning {
  at: Position;
  radiusM: number;
  isOld: boolean;
}

/** As src/littoral/respond/contact/reckoning.py; contracts/contacts has what both are held to. */
export function reckon(of: Reckoned, atMs: number): Reckoning {
  const heardMs = Date.parse(of.heard);
  const untilMs = Date.parse(of.reckoned_until);
  const seconds = Math.max(0, Math.min(atMs, untilMs) - heardMs) / 1000;
  return {
    at: destination({ lon: of.lon, lat: of.lat }, of.along_deg, of.along_kn * KNOT_MPS * seconds),
    radiusM: of.accuracy_m + of.growth_kn * KNOT_MPS * seconds,
    isOld: atMs > untilMs,
  };
}
