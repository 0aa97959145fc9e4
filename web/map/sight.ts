import { mercatorX, mercatorY } from "../client/mercator.ts";

/** Where the anchor's world lies on the screen: factors and offsets to clip space; CSS pixels. */
export interface Sight {
  view: [number, number, number, number];
  screen: [number, number];
}

/** What the chart shows. It is neither turned nor tilted: clip space is a scaled cut of the world. */
export interface Cut {
  /** Of the middle. */
  lon: number;
  lat: number;
  zoom: number;
  /** CSS pixels. */
  width: number;
  height: number;
}

const WORLD_PX = 512; // at zoom 0, in MapLibre as in deck.gl

export function sightOf({ lon, lat, zoom, width, height }: Cut, anchor: [lon: number, lat: number]): Sight {
  const world = WORLD_PX * 2 ** zoom;
  const [x, y] = [(2 * world) / width, (-2 * world) / height]; // clip space goes up from -1 to 1
  return {
    view: [x, y, x * (mercatorX(anchor[0]) - mercatorX(lon)), y * (mercatorY(anchor[1]) - mercatorY(lat))],
    screen: [width, height],
  };
}
