/** A question as the page keeps it, and as the server takes it. */
import { fromWall } from "../../state/time.ts";

export type Corner = [lon: number, lat: number];

/** A fence by its id, or corners in the order in which they were set. */
export interface AskedArea {
  fence: string;
  corners: Corner[];
}

export const NO_AREA: AskedArea = { fence: "", corners: [] };

export const isArea = (a: AskedArea): boolean => a.fence !== "" || a.corners.length >= 3;

/** As `?area=` takes it: a metre or so is enough for what a hand has drawn. */
export const areaText = (a: AskedArea): string =>
  a.fence ? `fence:${a.fence}` : a.corners.map(([lon, lat]) => `${lon.toFixed(5)},${lat.toFixed(5)}`).join(" ");

/** The outline as one ring, for the map. */
export const ringOf = (corners: Corner[]): Corner[] => (corners.length ? [...corners, corners[0]!] : []);

export interface Span {
  /** As `<input type="datetime-local">` has it, by the wall of the watch. */
  from: string;
  to: string;
}

export const spanOf = (span: Span, zone: string): { from: string; to: string } | null => {
  const from = fromWall(span.from, zone);
  const to = fromWall(span.to, zone);
  return from && to && from < to ? { from, to } : null;
};
