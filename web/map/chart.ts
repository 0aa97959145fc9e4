import type { Layer } from "@deck.gl/core";
import { MapboxOverlay } from "@deck.gl/mapbox";
import maplibregl, { type GeoJSONSource, type Map as MapLibre } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import type { Picture, Segments } from "../client/picture.ts";
import { drawsInSoftware } from "./graphics.ts";
import { graticule } from "./graticule.ts";
import { iconAtlas } from "./icons.ts";
import { CHART, type ChartColors, type PaletteName } from "./palette.ts";
import { nearestRow } from "./pick.ts";
import type { Position } from "./position.ts";
import { boxOf, boxPolygon, shoreline } from "./region.ts";
import { dimTiles } from "./tiles.ts";
import { chartLayers, chartStyle, LAYER_GROUPS, type LayerGroup } from "./style.ts";
import { FleetCanvas } from "./fleetCanvas.ts";
import { Frames } from "./frames.ts";

type SourceName = "areas" | "fences" | "fenceNames" | "grid" | "region" | "regionBox" | "shore";

export interface ChartEvents {
  /** A click: where, and the track of the vessel there if any. */
  click(at: Position, track: number | null, more: boolean, px: { x: number; y: number }): void;
  pointer(at: Position | null, track: number | null): void;
  moved(): void;
  /** How much of the chart a panel covers at its left. */
  coveredPx(): number;
  /** Before each drawing: what else lies over the fleet. */
  extras(): Layer[];
}

export const TAIL_STEPS = 8;
/** Until the server has told the region. */
export const DEFAULT_CENTER: [lon: number, lat: number] = [109.9, 19.6];

/** Three canvases, one over the other: the chart (MapLibre), the fleet, and what lies over the fleet
 * (deck.gl). An update of the fleet draws the middle one alone, and nothing of it can cover evidence,
 * alerts or what is selected. */
export class Chart {
  readonly map: MapLibre;
  colors: ChartColors;
  picture: Picture | null = null;
  private antialias = !drawsInSoftware();
  private frames = new Frames();
  private overlay = new MapboxOverlay({
    interleaved: false,
    layers: [],
    deviceProps: { type: "webgl", webgl: { antialias: this.antialias, preserveDrawingBuffer: false } },
    // Deck hands what it does not know to the loop of luma.gl, which knows it.
    ...{ animationFrameProvider: this.frames },
  });
  private fleet = new FleetCanvas(iconAtlas(), this.antialias, () => this.redraw());
  private showTails = true;
  private pending = 0;
  private over: Layer[] = [];

  constructor(
    container: HTMLElement,
    palette: PaletteName,
    lang: string,
    readonly scale: number,
    private events: ChartEvents,
    center: [number, number],
    zoom: number,
  ) {
    this.colors = CHART[palette];
    this.map = new maplibregl.Map({
      container,
      style: chartStyle(this.colors, lang, scale),
      center,
      zoom,
      minZoom: 2,
      maxZoom: 18,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 0,
      renderWorldCopies: false,
      keyboard: true,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.getCanvasContainer().append(this.fleet.canvas);
    this.map.addControl(this.overlay);
    this.map.on("render", () => this.drawFleet()); // in the frame in which the chart moves
    this.map.on("resize", () => this.redraw(true));
    this.map.addControl(new maplibregl.ScaleControl({ unit: "nautical", maxWidth: 140 * scale }), "bottom-left");
    void this.map.once("style.load", () => {
      const early = this.early ?? [];
      this.early = null;
      for (const run of early) run();
    });
    this.map.on("load", () => {
      this.drawGrid();
      // The canvas on top takes no keys: the chart's own is the one to move with the keyboard.
      const over = container.querySelector("#deckgl-overlay");
      over?.setAttribute("tabindex", "-1");
      over?.setAttribute("aria-hidden", "true");
    });
    this.map.on("moveend", () => {
      this.drawGrid();
      this.redraw();
      this.events.moved();
      tell(); // what lies under a pointer that rests is another place now
    });
    this.map.on("click", (e) => {
      const at = { lon: e.lngLat.lng, lat: e.lngLat.lat };
      this.events.click(at, this.trackAt(at, 14 * scale), e.originalEvent.shiftKey, e.point);
    });
    let pointer: [number, number] | null = null;
    const tell = (): void => {
      if (!pointer) return;
      const { lng: lon, lat } = this.map.unproject(pointer);
      this.events.pointer({ lon, lat }, this.trackAt({ lon, lat }, 9 * scale));
    };
    this.map.on("mousemove", (e) => {
      pointer = [e.point.x, e.point.y];
      tell();
    });
    // With the keyboard the arrows bring a place under the cross in the middle, and Enter clicks there.
    this.map.getCanvas().addEventListener("keydown", (e) => {
      if (e.key !== "Enter") return;
      const { clientWidth, clientHeight } = this.map.getContainer();
      const px = { x: clientWidth / 2 + this.events.coveredPx() / 2, y: clientHeight / 2 };
      const { lng: lon, lat } = this.map.unproject([px.x, px.y]);
      this.events.click({ lon, lat }, this.trackAt({ lon, lat }, 14 * scale), e.shiftKey, px);
    });
    this.map.getCanvasContainer().addEventListener("mouseleave", () => {
      pointer = null;
      this.events.pointer(null, null);
    });
  }

  get zoom(): number {
    return this.map.getZoom();
  }

  private trackAt(at: Position, radiusPx: number): number | null {
    if (!this.picture) return null;
    const row = nearestRow(this.picture, at.lon, at.lat, 512 * 2 ** this.zoom, radiusPx);
    return row < 0 ? null : this.picture.track[row]!;
  }

  setPalette(palette: PaletteName, lang: string): void {
    this.colors = CHART[palette];
    for (const layer of chartLayers(this.colors, lang, this.scale)) {
      if (!this.map.getLayer(layer.id)) continue;
      for (const [key, value] of Object.entries(layer.paint ?? {})) {
        this.map.setPaintProperty(layer.id, key as never, value as never);
      }
      const layout = layer.layout as Record<string, unknown> | undefined;
      if (layout?.["text-field"]) this.map.setLayoutProperty(layer.id, "text-field", layout["text-field"] as never);
    }
    dimTiles(this.map, this.colors);
    this.redraw();
  }

  setSource(name: SourceName, data: GeoJSON.GeoJSON): void {
    this.whenStyled(() => void (this.map.getSource(name) as GeoJSONSource | undefined)?.setData(data));
  }

  setRegion(land: GeoJSON.FeatureCollection): void {
    const box = boxOf(land);
    if (!box) return;
    this.setSource("regionBox", boxPolygon(box));
    this.setSource("region", land);
    this.setSource("shore", shoreline(land, box));
  }

  setVisible(group: LayerGroup, visible: boolean): void {
    this.whenStyled(() => {
      for (const id of LAYER_GROUPS[group]) {
        this.map.setLayoutProperty(id, "visibility", visible ? "visible" : "none");
      }
    });
  }

  setTails(show: boolean): void {
    this.showTails = show;
    this.redraw();
  }

  /** In the order asked: what comes early must not overwrite what came after it. */
  private whenStyled(run: () => void): void {
    if (this.early) this.early.push(run);
    else run();
  }

  private early: (() => void)[] | null = [];

  private drawGrid(): void {
    const b = this.map.getBounds();
    this.setSource("grid", graticule({
      west: b.getWest(), south: b.getSouth(), east: b.getEast(), north: b.getNorth(),
    }));
  }

  /** Shows a new picture. What comes back is the one before: nothing reads it any more. */
  setPicture(picture: Picture): Picture | null {
    const old = this.picture;
    this.picture = picture;
    this.fleet.setPicture(picture);
    this.redraw();
    return old;
  }

  pushTail(lines: Segments, reset: boolean): void {
    this.fleet.pushTail(lines, reset, TAIL_STEPS);
  }

  /** From 5 pixels when the whole region is in sight to 26 in a harbour. */
  iconSize(): number {
    return Math.min(26, Math.max(7, 2.6 * this.zoom - 9)) * this.scale;
  }

  /** Draws once before the next frame, however often it is asked for. `anew`: also what lies over the
   * fleet, if nothing of it changed. */
  redraw(anew = false): void {
    if (anew) this.over = [];
    if (this.pending) return;
    this.pending = requestAnimationFrame((time) => {
      this.pending = 0;
      this.drawFleet();
      this.drawOver(time);
    });
  }

  private drawFleet(): void {
    const { clientWidth: width, clientHeight: height } = this.map.getContainer();
    const { lng: lon, lat } = this.map.getCenter();
    const look = { iconPx: this.iconSize(), scale: this.scale, tailColor: this.colors.track, tails: this.showTails };
    this.fleet.draw({ lon, lat, zoom: this.zoom, width, height }, look, devicePixelRatio);
  }

  private drawOver(time: number): void {
    const layers = this.events.extras();
    const before = this.over;
    if (layers.length === before.length && layers.every((layer, i) => layer === before[i])) return;
    this.over = layers;
    this.overlay.setProps({ layers });
    this.frames.run(time);
  }

  /** Brings a place to the middle of what the panel at the left leaves free. */
  goTo(at: Position, zoom?: number): void {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map.easeTo({
      center: [at.lon, at.lat], zoom: Math.max(zoom ?? 0, this.zoom), duration: still ? 0 : 500,
      offset: [this.events.coveredPx() / 2, 0],
    });
  }

  destroy(): void {
    cancelAnimationFrame(this.pending);
    this.fleet.free();
    this.map.remove();
  }
}
