import type { Viewport } from "@deck.gl/core";
import { mercatorX, mercatorY } from "../client/mercator.ts";

/** Where the anchor's world lies on the screen: factors and offsets to clip space; CSS pixels. */
export interface Sight {
  view: [number, number, number, number];
  screen: [number, number];
}

const WORLD = 512; // the size of deck.gl's Mercator world, whose y goes to the north

/** The chart is neither turned nor tilted: clip space is a scaled cut of the world. */
export function sightOf(viewport: Viewport, [lon, lat]: [lon: number, lat: number]): Sight {
  const m = viewport.viewProjectionMatrix;
  const [xx, yy, x0, y0, w] = [m[0]!, m[5]!, m[12]!, m[13]!, m[15]!];
  return {
    view: [
      (WORLD * xx) / w, (-WORLD * yy) / w,
      (WORLD * xx * mercatorX(lon) + x0) / w, (WORLD * yy * (1 - mercatorY(lat)) + y0) / w,
    ],
    screen: [viewport.width, viewport.height],
  };
}
