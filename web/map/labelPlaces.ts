/** Where labels stand beside their signs so that none lies on another. */

export interface Place {
  /** From the sign to where the text begins or ends and to its middle, in pixels to the right and down. */
  offset: [number, number];
  anchor: "start" | "end";
}

export interface Wanted {
  /** The sign on the screen, in pixels. */
  x: number;
  y: number;
  text: string;
}

type Box = [left: number, top: number, right: number, bottom: number];

/** Of a line, as a part of the size of the letters. */
export const LINE_EM = 1.15;
const HAN = /[\u2e80-\u9fff\uff00-\uffef]/;
const HALF_EM = 0.6; // of a capital letter on an average

/** Width and height of a text of some lines, in pixels, by what its letters take on an average. */
export function sizeOf(text: string, sizePx: number): [width: number, height: number] {
  const lines = text.split("\n");
  const widths = lines.map((line) => [...line].reduce((em, c) => em + (HAN.test(c) ? 1 : HALF_EM), 0));
  return [Math.max(...widths) * sizePx, lines.length * LINE_EM * sizePx];
}

const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));

/** Those, in their order, whose labels beginning `aside` to the right of their signs lie on no label kept before. */
export function clear<T extends Wanted>(wanted: readonly T[], sizePx: number, aside: number): T[] {
  const kept: Box[] = [];
  return wanted.filter(({ x, y, text }) => {
    const [width, height] = sizeOf(text, sizePx);
    const box: Box = [x + aside, y - height / 2, x + aside + width, y + height / 2];
    const isClear = kept.every((other) => overlap(box, other) === 0);
    if (isClear) kept.push(box);
    return isClear;
  });
}

const isIn = (x: number, y: number, [width, height]: [number, number]): boolean => x > 0 && y > 0 && x < width && y < height;

/** One after another each takes the first of ten places where it lies on no sign and no label placed before, nor on what
 * of `others` is there already; where all are taken, that where it lies on least. `signPx`: half the width of a sign. What would be beyond the `window`,
 * in pixels from its top left, counts as taken. */
export function placeLabels(wanted: readonly Wanted[], sizePx: number, signPx: number, others: readonly Wanted[] = [], window?: [width: number, height: number]): Place[] {
  const signs: Box[] = wanted.map(({ x, y }) => [x - signPx, y - signPx, x + signPx, y + signPx]);
  const taken: Box[] = others.map(({ x, y, text }) => {
    const [width, height] = sizeOf(text, sizePx);
    return [x - signPx, y - signPx - height / 2, x + signPx + width, y + signPx];
  });
  return wanted.map(({ x, y, text }, self) => {
    const [width, height] = sizeOf(text, sizePx);
    const aside = signPx + 0.2 * sizePx;
    const apart = signPx * 0.6 + height / 2;
    const free = [...taken, ...signs.filter((_, i) => i !== self)];
    let best: { place: Place; box: Box; on: number } | null = null;
    for (const dy of [-apart * 0.5, apart, -apart * 1.5, apart * 2, -apart * 2.5]) {
      for (const anchor of ["start", "end"] as const) {
        const dx = anchor === "start" ? aside : -aside;
        const left = anchor === "start" ? x + dx : x + dx - width;
        const box: Box = [left, y + dy - height / 2, left + width, y + dy + height / 2];
        const seen = window && isIn(x, y, window) ? overlap(box, [0, 0, ...window]) : width * height;
        const on = free.reduce((sum, other) => sum + overlap(box, other), width * height - seen);
        if (best === null || on < best.on) best = { place: { offset: [dx, dy], anchor }, box, on };
      }
    }
    taken.push(best!.box);
    return best!.place;
  });
}
