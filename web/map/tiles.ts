import maplibregl, { type LayerSpecification, type Map as MapLibre } from "maplibre-gl";
import { PMTiles, Protocol, TileType } from "pmtiles";
import type { TileSet } from "../client/types.ts";
import type { ChartColors } from "./palette.ts";

const protocol = new Protocol();
maplibregl.addProtocol("pmtiles", protocol.tile);

const idsOf = (map: MapLibre, name: string): string[] =>
  map.getStyle().layers.map((l) => l.id).filter((id) => id.startsWith(`tiles:${name}:`));

/** Lays an archive of tiles (own charts, imagery) over the land and under everything else. */
export async function showTiles(map: MapLibre, set: TileSet, colors: () => ChartColors): Promise<void> {
  const source = `tiles:${set.name}`;
  if (map.getSource(source)) return;
  const archive = new PMTiles(new URL(set.url, location.href).href);
  protocol.add(archive);
  const header = await archive.getHeader();
  const url = `pmtiles://${archive.source.getKey()}`;
  if (header.tileType !== TileType.Mvt) {
    map.addSource(source, { type: "raster", url, tileSize: 256 });
    map.addLayer({ id: `${source}:raster`, type: "raster", source, paint: { "raster-opacity": 0.85, "raster-brightness-max": colors().brightness } }, "grid-line");
    return;
  }
  const metadata = (await archive.getMetadata()) as { vector_layers?: { id: string }[] };
  map.addSource(source, { type: "vector", url });
  for (const { id } of metadata.vector_layers ?? []) {
    for (const layer of plain(source, id, colors())) map.addLayer(layer, "grid-line");
  }
}

/** A chart of unknown layers: areas faint, lines and points plain. */
function plain(source: string, layer: string, c: ChartColors): LayerSpecification[] {
  const of = { source, "source-layer": layer };
  const is = (type: string): ["==", ["geometry-type"], string] => ["==", ["geometry-type"], type];
  return [
    { id: `${source}:${layer}:fill`, type: "fill", ...of, filter: is("Polygon"), paint: { "fill-color": c.band, "fill-opacity": 0.15 } },
    { id: `${source}:${layer}:line`, type: "line", ...of, paint: { "line-color": c.band, "line-width": 0.8 } },
    { id: `${source}:${layer}:point`, type: "circle", ...of, filter: is("Point"), paint: { "circle-color": c.band, "circle-radius": 2 } },
  ];
}

/** A white chart must not blind a dark room. */
export function dimTiles(map: MapLibre, colors: ChartColors): void {
  for (const layer of map.getStyle()?.layers ?? []) {
    if (layer.type === "raster") map.setPaintProperty(layer.id, "raster-brightness-max", colors.brightness);
  }
}

export function hideTiles(map: MapLibre, name: string): void {
  for (const id of idsOf(map, name)) map.removeLayer(id);
  if (map.getSource(`tiles:${name}`)) map.removeSource(`tiles:${name}`);
}
