import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { ChartColors } from "./palette.ts";

const EMPTY: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };

/** MapLibre draws letters from the system's fonts when the style names no glyph server. */
const FONT = ["Noto Sans CJK SC,Microsoft YaHei,PingFang SC,sans-serif"];

/** Which layers one switch of the layer panel shows. */
export const LAYER_GROUPS = {
  rings: ["ring-line"],
  ports: ["port", "port-name"],
  landings: ["landing", "landing-name"],
  crossings: ["crossing"],
  fences: ["fence-fill", "fence-line", "fence-name", "fence-edge-name"],
  grid: ["grid-line", "grid-lon", "grid-lat"],
} as const;
export type LayerGroup = keyof typeof LAYER_GROUPS;

const byKind = (...kinds: string[]): ["in", unknown, unknown] => ["in", ["get", "kind"], ["literal", kinds]];

export function chartLayers(c: ChartColors, lang: string, scale: number): LayerSpecification[] {
  const name = ["coalesce", ["get", `name_${lang}`], ["get", "name"], ""] as unknown as string;
  const text = { "text-color": c.text, "text-halo-color": c.halo, "text-halo-width": 1.4 };
  const font = { "text-font": FONT };
  return [
    { id: "water", type: "background", paint: { "background-color": c.water } },
    { id: "world-land", type: "fill", source: "world", paint: { "fill-color": c.land } },
    { id: "world-coast", type: "line", source: "world", paint: { "line-color": c.coast, "line-width": 0.6 * scale } },
    { id: "region-water", type: "fill", source: "regionBox", paint: { "fill-color": c.water, "fill-antialias": false } },
    { id: "region-land", type: "fill", source: "region", paint: { "fill-color": c.land } },
    { id: "region-coast", type: "line", source: "shore", paint: { "line-color": c.coast, "line-width": 0.9 * scale } },
    { id: "grid-line", type: "line", source: "grid", paint: { "line-color": c.grid, "line-width": 0.7 * scale } },
    {
      id: "ring-line", type: "line", source: "areas", filter: byKind("ring"),
      paint: { "line-color": c.ring, "line-width": 1.1 * scale, "line-dasharray": [6, 4] },
    },
    {
      id: "crossing", type: "line", source: "areas", filter: byKind("crossing"),
      paint: { "line-color": c.crossing, "line-width": 1.4 * scale, "line-dasharray": [2, 3] },
    },
    { id: "fence-fill", type: "fill", source: "fences", paint: { "fill-color": c.fence, "fill-opacity": ["case", ["get", "wide"], 0.03, 0.1] } },
    { id: "fence-line", type: "line", source: "fences", paint: { "line-color": c.fence, "line-width": 1.5 * scale } },
    {
      id: "port", type: "circle", source: "areas", filter: byKind("port"), minzoom: 6.5,
      paint: {
        "circle-radius": 3.2 * scale, "circle-color": c.halo, "circle-stroke-color": c.port,
        "circle-stroke-width": 1.6 * scale,
      },
    },
    {
      id: "landing", type: "circle", source: "areas", filter: byKind("landing"), minzoom: 8.5,
      paint: { "circle-radius": 2.6 * scale, "circle-color": c.landing },
    },
    {
      id: "port-name", type: "symbol", source: "areas", filter: byKind("port"), minzoom: 6.5,
      layout: { ...font, "text-field": name, "text-size": 11.5 * scale, "text-offset": [0, 0.9], "text-anchor": "top" },
      paint: text,
    },
    {
      id: "landing-name", type: "symbol", source: "areas", filter: byKind("landing"), minzoom: 10,
      layout: { ...font, "text-field": name, "text-size": 10 * scale, "text-offset": [0, 0.8], "text-anchor": "top" },
      paint: { ...text, "text-color": c.landing },
    },
    {
      id: "fence-name", type: "symbol", source: "fenceNames",
      layout: { ...font, "text-field": ["get", "name"], "text-size": 12 * scale },
      paint: { ...text, "text-color": c.fence },
    },
    {
      id: "fence-edge-name", type: "symbol", source: "fences", filter: ["get", "wide"],
      layout: {
        ...font, "text-field": ["get", "name"], "text-size": 11 * scale, "symbol-placement": "line",
        "symbol-spacing": 600 * scale, "text-offset": [0, -0.8],
      },
      paint: { ...text, "text-color": c.fence },
    },
    {
      id: "grid-lon", type: "symbol", source: "grid", filter: ["==", ["get", "side"], "bottom"],
      layout: {
        ...font, "text-field": ["get", "label"], "text-size": 10 * scale, "text-anchor": "bottom",
        "text-offset": [0, -0.4], "text-allow-overlap": true,
      },
      paint: { ...text, "text-color": c.gridText },
    },
    {
      id: "grid-lat", type: "symbol", source: "grid", filter: ["==", ["get", "side"], "left"],
      layout: {
        ...font, "text-field": ["get", "label"], "text-size": 10 * scale, "text-anchor": "left",
        "text-offset": [0.5, 0], "text-allow-overlap": true,
      },
      paint: { ...text, "text-color": c.gridText },
    },
  ] as LayerSpecification[];
}

export function chartStyle(c: ChartColors, lang: string, scale: number): StyleSpecification {
  return {
    version: 8,
    sources: {
      world: { type: "geojson", data: "/api/v1/map/world.geojson", attribution: "" },
      regionBox: { type: "geojson", data: EMPTY },
      region: { type: "geojson", data: EMPTY },
      shore: { type: "geojson", data: EMPTY },
      areas: { type: "geojson", data: EMPTY },
      fences: { type: "geojson", data: EMPTY },
      fenceNames: { type: "geojson", data: EMPTY },
      grid: { type: "geojson", data: EMPTY, tolerance: 0 },
    },
    layers: chartLayers(c, lang, scale),
  };
}
