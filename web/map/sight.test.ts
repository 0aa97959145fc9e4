import { WebMercatorViewport } from "@deck.gl/core";
import { describe, expect, it } from "vitest";
import { mercatorX, mercatorY } from "../client/mercator.ts";
import { sightOf } from "./sight.ts";

describe("where the fleet lies on the screen", () => {
  const anchor: [number, number] = [109.8, 19.3];
  it.each([[110.2, 20.1, 7.3], [110.2, 20.1, 18], [-122.4, 37.8, 16], [0, -60, 2]] as const)(
    "is where deck.gl projects it: %s %s at zoom %s", (longitude, latitude, zoom) => {
      const viewport = new WebMercatorViewport({ width: 1200, height: 800, longitude, latitude, zoom });
      const { view, screen } = sightOf({ lon: longitude, lat: latitude, zoom, width: 1200, height: 800 }, anchor);
      const [lon, lat] = [longitude + 40 / 2 ** zoom, latitude - 25 / 2 ** zoom];
      const clipX = (mercatorX(lon) - mercatorX(anchor[0])) * view[0] + view[2];
      const clipY = (mercatorY(lat) - mercatorY(anchor[1])) * view[1] + view[3];
      const [x, y] = viewport.project([lon, lat]) as [number, number];
      expect(((clipX + 1) / 2) * screen[0]).toBeCloseTo(x, 3);
      expect(((1 - clipY) / 2) * screen[1]).toBeCloseTo(y, 3);
      expect(x).toBeGreaterThan(600); // to the east of the middle, and below it
      expect(y).toBeGreaterThan(400);
    },
  );
});
