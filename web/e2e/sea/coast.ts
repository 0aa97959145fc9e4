/** A small sea around Hainan for the page's tests: who sails where, and what each receiver hears.
 * All of it follows from the event time alone. */
import { particulars, position, type Particulars } from "./ais.ts";

export interface Ship extends Particulars {
  station: string;
  /** Where she is at `START_MS`; from there she goes straight on. */
  lon: number;
  lat: number;
  sogKn: number;
  cogDeg: number;
}

/** A summer noon in Haikou: by day, within the fishing moratorium's season. */
export const START_MS = Date.UTC(2026, 5, 15, 4);
export const HISTORY_MIN = 60;
/** The receiver that falls silent within the history. */
export const SILENT = { station: "QINGLAN", afterMin: -25 };

const M_PER_DEG = 60 * 1852;

export const QIONG: Ship = {
  mmsi: 412345001, name: "QIONG LIN YU 01234", callSign: "BQLY1", shipType: 30, lengthM: 24, station: "SANYA",
  lon: 110.9, lat: 18.1, sogKn: 8, cogDeg: 45,
};
/** Heading for a ship at anchor due east of her, 0.5 miles to the side. */
export const RUNNER: Ship = {
  mmsi: 413000009, name: "HAI XING 9", callSign: "BXHX9", imo: 9074729, shipType: 70, lengthM: 140, station: "YANGPU",
  lon: 107.9, lat: 19, sogKn: 12, cogDeg: 90, destination: "YANGPU",
};
export const ANCHORED: Ship = {
  mmsi: 413000010, name: "HAI XING 10", callSign: "BXHX0", shipType: 80, lengthM: 180, station: "YANGPU",
  lon: 108.5, lat: 19 + 0.5 / 60, sogKn: 0, cogDeg: 90,
};
/** Crosses the meridian 111°12′E a minute after the start: a fence drawn there is entered. */
export const CROSSER: Ship = {
  mmsi: 413000020, name: "LAN TIAN 20", callSign: "BLTX0", shipType: 60, lengthM: 90, station: "HAIKOU",
  lon: 111.19, lat: 20.2, sogKn: 30, cogDeg: 90,
};

const TYPES = [70, 80, 60, 30, 52, 37, 90];

function others(): Ship[] {
  return Array.from({ length: 28 }, (_, i) => {
    const angle = (2 * Math.PI * i) / 28;
    const shipType = TYPES[i % TYPES.length]!;
    return {
      mmsi: 414000000 + 7 * i, name: `BO HAI ${i + 1}`, callSign: `BH${100 + i}`, shipType, lengthM: 60 + 5 * i,
      lon: 109.8 + 1.75 * Math.cos(angle), lat: 19.2 + 1.55 * Math.sin(angle),
      // away from the island, each on a course of its own: they never come close
      sogKn: 6 + (i % 5), cogDeg: (90 - (180 * angle) / Math.PI + 360) % 360, station: ["HAIKOU", "SANYA", "YANGPU"][i % 3]!,
    };
  });
}

export const SHIPS: Ship[] = [QIONG, RUNNER, ANCHORED, CROSSER, ...others()];

export function whereIs(ship: Ship, ms: number): { lon: number; lat: number } {
  const metres = (ship.sogKn * 1852 * (ms - START_MS)) / 3_600_000;
  const course = (ship.cogDeg * Math.PI) / 180;
  const lat = ship.lat + (metres * Math.cos(course)) / M_PER_DEG;
  return { lat, lon: ship.lon + (metres * Math.sin(course)) / (M_PER_DEG * Math.cos((ship.lat * Math.PI) / 180)) };
}

export function report(ship: Ship, ms: number, station = ship.station): string {
  return position(
    { mmsi: ship.mmsi, ...whereIs(ship, ms), sogKn: ship.sogKn, cogDeg: ship.cogDeg, headingDeg: ship.cogDeg, navStatus: ship.sogKn ? 0 : 1 },
    station, ms,
  );
}

/** An hour of reports, one a minute, and who the ships are. */
export function history(): string {
  let text = "";
  for (let minute = -HISTORY_MIN; minute < 0; minute++) {
    const ms = START_MS + 60_000 * minute;
    for (const ship of SHIPS) {
      if (minute === -HISTORY_MIN) text += particulars(ship, ship.station, ms);
      text += report(ship, ms);
    }
    if (minute <= SILENT.afterMin) text += report(ANCHORED, ms + 1000, SILENT.station);
  }
  return text;
}

/** What is heard in one second: a fifth of the ships. */
export function second(ms: number): string {
  const turn = Math.floor(ms / 1000) % 5;
  return SHIPS.filter((_, i) => i % 5 === turn).map((ship) => report(ship, ms)).join("");
}
