/** The region's land comes cut at the edges of a box; inside it the coarse world must not show. */

export type Box = [west: number, south: number, east: number, north: number];

type Line = number[][];

function outlines(land: GeoJSON.FeatureCollection): Line[] {
  return land.features.flatMap(({ geometry: g }) =>
    g.type === "Polygon" ? g.coordinates : g.type === "MultiPolygon" ? g.coordinates.flat() : [],
  );
}

export function boxOf(land: GeoJSON.FeatureCollection): Box | null {
  const box: Box = [180, 90, -180, -90];
  for (const line of outlines(land)) {
    for (const [x, y] of line as [number, number][]) {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  return box[0] > box[2] ? null : box;
}

const EDGE_DEG = 1e-6;

/** The outlines of the land without the sides where the box cut it: those are no shore. */
export function shoreline(land: GeoJSON.FeatureCollection, box: Box): GeoJSON.Feature<GeoJSON.MultiLineString> {
  const on = (a: number, b: number, edge: number): boolean => Math.abs(a - edge) < EDGE_DEG && Math.abs(b - edge) < EDGE_DEG;
  const coordinates: Line[] = [];
  for (const line of outlines(land)) {
    let run: Line = [];
    for (let i = 0; i < line.length; i++) {
      const [x, y] = line[i] as [number, number];
      const [px, py] = (line[i - 1] ?? [NaN, NaN]) as [number, number];
      const cut = on(x, px, box[0]) || on(x, px, box[2]) || on(y, py, box[1]) || on(y, py, box[3]);
      if (cut) {
        if (run.length > 1) coordinates.push(run);
        run = [];
      }
      run.push([x, y]);
    }
    if (run.length > 1) coordinates.push(run);
  }
  return { type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates } };
}

export function boxPolygon([west, south, east, north]: Box): GeoJSON.Feature<GeoJSON.Polygon> {
  return {
    type: "Feature", properties: {},
    geometry: { type: "Polygon", coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]] },
  };
}
