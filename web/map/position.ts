/** Positions as watch officers type and read them: degrees and decimal minutes. */

export interface Position {
  lon: number;
  lat: number;
}

const NUMBER = "\\d+(?:[.,]\\d+)?";
const PART = new RegExp(
  `^\\s*([NSEWnsew北南东西東])?\\s*([+\\-−]?)(${NUMBER})\\s*(?:[°度º]|\\s|$)?\\s*` +
    `(?:(${NUMBER})\\s*(?:['′’分]|\\s|$)?)?\\s*(?:(${NUMBER})\\s*(?:["″”秒])?)?\\s*([NSEWnsew北南东西東])?\\s*$`,
);
const LETTER: Record<string, string> = { 北: "N", 南: "S", 东: "E", 東: "E", 西: "W" };

interface Angle {
  deg: number;
  letter: string | null;
}

function parseAngle(text: string): Angle | null {
  const m = PART.exec(text);
  if (!m) return null;
  const [, before, sign, d, min, sec, after] = m;
  if (before && after) return null;
  const numbers = [d, min, sec].map((s) => (s === undefined ? null : Number(s.replace(",", "."))));
  const [degrees, minutes, seconds] = numbers as [number, number | null, number | null];
  // Only the last part that is given may have decimals, and minutes and seconds stay below 60.
  if (minutes !== null && (minutes >= 60 || !Number.isInteger(degrees))) return null;
  if (seconds !== null && (seconds >= 60 || minutes === null || !Number.isInteger(minutes))) return null;
  const raw = (before ?? after ?? "").toUpperCase();
  const letter = raw === "" ? null : (LETTER[raw] ?? raw);
  if (letter && sign) return null;
  const size = degrees + (minutes ?? 0) / 60 + (seconds ?? 0) / 3600;
  const negative = sign === "-" || sign === "−" || letter === "S" || letter === "W";
  return { deg: negative ? -size : size, letter };
}

/** All ways to cut `text` into two angles: at a comma, after or before a letter, at a blank. */
function cuts(text: string): [string, string][] {
  const out: [string, string][] = [];
  for (const m of text.matchAll(/[,;，；/\s]+|(?<=[NSEWnsew北南东西東])(?=.)|(?<=.)(?=[NSEWnsew北南东西東])/g)) {
    out.push([text.slice(0, m.index), text.slice(m.index + m[0].length)]);
  }
  return out;
}

/** `20°01.234′N 110°12.5′E`, `20 01.2N 110 12.5E`, `20.5 110.25`, `N20-…` in any usual form; latitude
 * first unless letters say otherwise. Null when it is no position or can be read in two ways. */
export function parsePosition(input: string): Position | null {
  const text = input.trim().replace(/(\d)\s*-\s*(?=\d)/g, "$1 ");
  const found = new Map<string, Position>();
  const lettered = /[NSEWnsew北南东西東]/.test(text);
  for (const [first, second] of cuts(text)) {
    const a = parseAngle(first);
    const b = parseAngle(second);
    if (!a || !b) continue;
    const axis = (x: Angle): string | null => (x.letter ? ("NS".includes(x.letter) ? "lat" : "lon") : null);
    if (lettered && (axis(a) === null || axis(b) === null || axis(a) === axis(b))) continue;
    const position = axis(a) === "lon" ? { lon: a.deg, lat: b.deg } : { lat: a.deg, lon: b.deg };
    if (Math.abs(position.lat) > 90 || Math.abs(position.lon) > 180) continue;
    found.set(`${position.lat.toFixed(9)} ${position.lon.toFixed(9)}`, position);
  }
  if (found.size === 1) return [...found.values()][0]!;
  // Four bare numbers can only be degrees and minutes twice; two can only be degrees twice.
  const bare = text.split(/[,;，；/\s°′'’]+/).filter(Boolean);
  if (!lettered && bare.length === 4) {
    const half = (x: string, y: string): number | null => parseAngle(`${x} ${y}`)?.deg ?? null;
    const lat = half(bare[0]!, bare[1]!);
    const lon = half(bare[2]!, bare[3]!);
    if (lat !== null && lon !== null && Math.abs(lat) <= 90 && Math.abs(lon) <= 180) return { lon, lat };
  }
  return null;
}

function angle(deg: number, width: number, letters: string, digits: number): string {
  const unit = 10 ** digits;
  const ticks = Math.round(Math.abs(deg) * 60 * unit); // in the last digit, so 59.9996′ carries over
  const whole = Math.floor(ticks / (60 * unit));
  const minutes = ((ticks - whole * 60 * unit) / unit).toFixed(digits).padStart(digits ? 3 + digits : 2, "0");
  return `${String(whole).padStart(width, "0")}°${minutes}′${deg < 0 ? letters[1] : letters[0]}`;
}

export const formatLat = (deg: number, digits = 3): string => angle(deg, 2, "NS", digits);
export const formatLon = (deg: number, digits = 3): string => angle(wrapLon(deg), 3, "EW", digits);
export const formatPosition = (p: Position, digits = 3): string =>
  `${formatLat(p.lat, digits)} ${formatLon(p.lon, digits)}`;

export function wrapLon(deg: number): number {
  return ((((deg + 180) % 360) + 360) % 360) - 180;
}
