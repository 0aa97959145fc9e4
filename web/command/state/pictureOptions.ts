import { CATEGORIES } from "../../client/category.ts";
import type { PictureOptions } from "../../client/picture.ts";
import { DEFAULT_CENTER, TAIL_STEPS } from "../../map/chart.ts";
import { CHART } from "../../map/palette.ts";
import { app } from "./app.ts";

/** A target is faded when its last report is older (IEC 62288 calls it lost after minutes too). */
const TARGET_STALE_MS = 6 * 60_000;

/** How a fleet is drawn, the live one or one of the past. */
export function pictureOptions(): PictureOptions {
  const s = app.get();
  const target = CHART[s.palette].target;
  return {
    vectorMinutes: s.vectorMinutes,
    colors: CATEGORIES.map((c) => target[c]),
    anchor: s.settings?.center ?? DEFAULT_CENTER,
    staleMs: TARGET_STALE_MS,
    tailStepMs: (s.tailMinutes * 60_000) / TAIL_STEPS,
    hidden: CATEGORIES.map((c) => s.hidden.includes(c)),
  };
}
