import type { Color, Layer, Position as DeckPosition } from "@deck.gl/core";
import { IconLayer, PathLayer, ScatterplotLayer, TextLayer } from "@deck.gl/layers";
import type { Alert } from "../client/types.ts";
import { ALERT_MAPPING } from "./alertGlyph.ts";
import { advance, type Cpa, type Motion } from "./cpa.ts";
import { bearingDeg, circle, distanceM, MILE_M } from "./geo.ts";
import { LINE_EM, type Place } from "./labelPlaces.ts";
import type { Position } from "./position.ts";

export const rgba = (c: number[], alpha = 255): Color => [c[0]!, c[1]!, c[2]!, alpha];
const at = (p: Position): DeckPosition => [p.lon, p.lat];

const FONT = "'Noto Sans', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif";

export interface Label {
  at: Position;
  text: string;
  /** Where it stands beside its place, in pixels, if not where the others of the layer do. */
  place?: Place;
}

export function textLayer(
  id: string, data: Label[], color: number[], background: number[], sizePx: number, offset: [number, number],
): Layer {
  return new TextLayer<Label>({
    id,
    data,
    getPosition: (d) => at(d.at),
    getText: (d) => d.text,
    getColor: rgba(color),
    getSize: sizePx,
    getPixelOffset: (d) => d.place?.offset ?? offset,
    getTextAnchor: (d) => d.place?.anchor ?? "start",
    lineHeight: LINE_EM,
    fontFamily: FONT,
    characterSet: "auto",
    fontSettings: { sdf: true, fontSize: 40, buffer: 6, radius: 10 },
    outlineWidth: 3,
    outlineColor: rgba(background, 220),
  });
}

function path(id: string, points: Position[] | [number, number][], color: Color, width: number): Layer {
  const coordinates = points.map((p) => (Array.isArray(p) ? p : [p.lon, p.lat]));
  return new PathLayer({
    id,
    data: [coordinates],
    getPath: (d: number[][]) => d as never,
    getColor: color,
    getWidth: width,
    widthUnits: "pixels",
  });
}

function dots(id: string, points: Position[], fill: Color, line: Color, radius: number): Layer {
  return new ScatterplotLayer<Position>({
    id,
    data: points,
    getPosition: at,
    getFillColor: fill,
    getLineColor: line,
    getRadius: radius,
    radiusUnits: "pixels",
    stroked: true,
    lineWidthUnits: "pixels",
    getLineWidth: 1.5,
  });
}

export function alertLayer(alerts: Alert[], atlas: HTMLCanvasElement, sizePx: number, selected: string | null): Layer {
  return new IconLayer<Alert>({
    id: "alerts",
    data: alerts,
    iconAtlas: atlas as unknown as string,
    iconMapping: ALERT_MAPPING,
    getIcon: (a) => String(a.priority),
    getPosition: (a) => [a.lon!, a.lat!],
    getSize: (a) => (a.id === selected ? 1.35 : 1) * sizePx,
    getPixelOffset: [0, -sizePx * 0.9],
    sizeUnits: "pixels",
    updateTriggers: { getSize: [selected, sizePx] },
  });
}

/** Four corners around a target: selected (IEC 62288, 4.13). */
export function bracketLayer(id: string, targets: Position[], color: number[], sizePx: number, atlas: HTMLCanvasElement): Layer {
  return new IconLayer<Position>({
    id,
    data: targets,
    iconAtlas: atlas as unknown as string,
    iconMapping: { bracket: { x: 0, y: 0, width: 64, height: 64, mask: true } },
    getIcon: () => "bracket",
    getPosition: at,
    getSize: sizePx,
    getColor: rgba(color),
    sizeUnits: "pixels",
  });
}

export function bracketAtlas(): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 64;
  const c = canvas.getContext("2d")!;
  c.strokeStyle = "#fff";
  c.lineWidth = 5;
  for (const [x, y] of [[4, 4], [60, 4], [60, 60], [4, 60]] as const) {
    const dx = x < 32 ? 16 : -16;
    const dy = y < 32 ? 16 : -16;
    c.beginPath();
    c.moveTo(x + dx, y);
    c.lineTo(x, y);
    c.lineTo(x, y + dy);
    c.stroke();
  }
  return canvas;
}

/** The mark of vessels that people look out for: a diamond around the symbol. */
export function diamondAtlas(): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 64;
  const c = canvas.getContext("2d")!;
  c.strokeStyle = "#fff";
  c.lineWidth = 5;
  c.stroke(new Path2D("M32 4 60 32 32 60 4 32z"));
  return canvas;
}

export function pastLayers(id: string, points: Position[], color: number[], scale: number): Layer[] {
  if (points.length === 0) return [];
  return [
    path(`${id}-line`, points, rgba(color, 200), 1.6 * scale),
    dots(`${id}-dots`, points.slice(-400), rgba(color, 160), rgba(color, 0), 1.6 * scale),
  ];
}

export function evidenceLayers(points: Position[], focus: number, color: number[], halo: number[], scale: number): Layer[] {
  if (points.length === 0) return [];
  const layers = [
    path("evidence-line", points, rgba(color, 150), 1.2 * scale),
    dots("evidence-dots", points, rgba(color, 90), rgba(color), 4.5 * scale),
  ];
  const focused = points[focus];
  if (focused) layers.push(dots("evidence-focus", [focused], rgba(color), rgba(halo), 7 * scale));
  return layers;
}

export function measureText(from: Position, to: Position): string {
  return `${(distanceM(from, to) / MILE_M).toFixed(2)} nm  ${bearingDeg(from, to).toFixed(1).padStart(5, "0")}°`;
}

/** Range ring (VRM) and bearing line (EBL) from one place to another. */
export function measureLayers(from: Position, to: Position, color: number[], halo: number[], scale: number): Layer[] {
  return [
    path("vrm", circle(from, distanceM(from, to)), rgba(color, 140), 1.2 * scale),
    path("ebl", [from, to], rgba(color), 1.6 * scale),
    dots("measure-ends", [from, to], rgba(halo), rgba(color), 3.5 * scale),
    textLayer("measure-text", [{ at: to, text: measureText(from, to) }], color, halo, 13 * scale, [10 * scale, -10 * scale]),
  ];
}

export function cpaLayers(a: Motion, b: Motion, cpa: Cpa, color: number[], halo: number[], scale: number): Layer[] {
  const layers = [path("cpa-range", [a, b], rgba(color, 120), 1 * scale)];
  if (cpa.tcpaS > 0 && cpa.tcpaS < 6 * 3600) {
    layers.push(
      path("cpa-a", [a, cpa.a], rgba(color), 1.4 * scale),
      path("cpa-b", [b, cpa.b], rgba(color), 1.4 * scale),
      path("cpa-gap", [cpa.a, cpa.b], rgba(color), 2.4 * scale),
      dots("cpa-ends", [cpa.a, cpa.b], rgba(halo), rgba(color), 4 * scale),
      textLayer(
        "cpa-text",
        [{ at: cpa.b, text: `CPA ${(cpa.cpaM / MILE_M).toFixed(2)} nm  TCPA ${(cpa.tcpaS / 60).toFixed(1)} min` }],
        color, halo, 13 * scale, [10 * scale, 12 * scale],
      ),
    );
  }
  return layers;
}

export interface Sent {
  at: Position;
  name: string;
  /** True course and speed over ground; NaN: not known. */
  cogDeg: number;
  sogMps: number;
  isOnTask: boolean;
  /** Where its position is of a while ago it is drawn hollow. */
  isOld: boolean;
}

/** Responders: a ring with the name and, where she makes way, where she will be in so many minutes. */
export function responderLayers(sent: Sent[], colors: { color: number[]; halo: number[] }, vectorMinutes: number, scale: number): Layer[] {
  if (sent.length === 0) return [];
  const ways = vectorMinutes === 0 ? [] : sent.filter((s) => s.sogMps > 0.3 && !Number.isNaN(s.cogDeg));
  return [
    new PathLayer<Sent>({
      id: "responder-vectors",
      data: ways,
      getPath: (s: Sent) => {
        const to = advance({ lon: s.at.lon, lat: s.at.lat, cogDeg: s.cogDeg, sogMps: s.sogMps }, vectorMinutes * 60);
        return [[s.at.lon, s.at.lat], [to.lon, to.lat]] as never;
      },
      getColor: rgba(colors.color),
      getWidth: 2 * scale,
      widthUnits: "pixels",
      updateTriggers: { getPath: [vectorMinutes] },
    }),
    new ScatterplotLayer<Sent>({
      id: "responders",
      data: sent,
      getPosition: (s: Sent) => at(s.at),
      getFillColor: (s: Sent) => rgba(colors.color, s.isOld ? 0 : s.isOnTask ? 255 : 110),
      getLineColor: rgba(colors.color),
      getRadius: 7 * scale,
      radiusUnits: "pixels",
      stroked: true,
      lineWidthUnits: "pixels",
      getLineWidth: 2 * scale,
    }),
    textLayer("responder-names", sent.map((s) => ({ at: s.at, text: s.name })), colors.color, colors.halo, 12 * scale, [11 * scale, -9 * scale]),
  ];
}
