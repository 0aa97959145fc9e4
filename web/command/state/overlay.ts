import type { Layer } from "@deck.gl/core";
import type { Picture } from "../../client/picture.ts";
import type { Alert } from "../../client/types.ts";
import { alertAtlas } from "../../map/alertGlyph.ts";
import { advance, closestApproach, type Cpa, type Motion } from "../../map/cpa.ts";
import * as draw from "../../map/overlays.ts";
import { hex, type ChartColors } from "../../map/palette.ts";
import { clear } from "../../map/labelPlaces.ts";
import { rowOfTrack, rowsToLabel } from "../../map/pick.ts";
import type { Position } from "../../map/position.ts";
import { current, told } from "./alertList.ts";
import { app, eventMinute, eventNow } from "./app.ts";
import { chart } from "./chartHost.ts";
import { layersOfContacts, type Named } from "./contacts.ts";
import { tracksOf } from "./listed.ts";
import { live } from "./live.ts";
import { sentNow } from "./responders.ts";
import { Store } from "./store.ts";
import { watchList } from "./watchList.ts";

/** What lies over the fleet beside the app's state: set by panels and tools, read at each drawing. */
export const over = {
  past: [] as Position[],
  evidence: [] as Position[],
  evidenceFocus: -1,
  measureFrom: null as { at: Position; track: number | null } | null,
  measureTo: null as Position | null,
  measureFixed: false,
  cpa: null as { cpa: Cpa; a: Motion; b: Motion } | null,
};

const LABEL_ZOOM = 10.5;
const names = new Map<number, string>();
let asked = false;
let bracket: HTMLCanvasElement | null = null;
let diamond: HTMLCanvasElement | null = null;
let glyphs: { colors: ChartColors; canvas: HTMLCanvasElement } | null = null;
let marks: { alerts: unknown; minute: number; selected: string | null; colors: ChartColors; layer: Layer; signs: Named[] } | null = null;

export function positionOf(p: Picture | null, track: number | null): Position | null {
  if (!p || track === null) return null;
  const row = rowOfTrack(p, track);
  return row < 0 ? null : { lon: p.lonLat[2 * row]!, lat: p.lonLat[2 * row + 1]! };
}

/** The vessel now, its last report brought forward to the picture's time. Null: gone, or no speed or
 * course to go by. */
export function motionOf(p: Picture | null, track: number | null): Motion | null {
  if (!p || track === null) return null;
  const row = rowOfTrack(p, track);
  if (row < 0) return null;
  const sogMps = p.sogMps[row]!, cogDeg = p.cogDeg[row]!;
  if (Number.isNaN(sogMps) || (Number.isNaN(cogDeg) && sogMps > 0.3)) return null;
  const motion = {
    lon: p.lonLat[2 * row]!, lat: p.lonLat[2 * row + 1]!, sogMps, cogDeg: Number.isNaN(cogDeg) ? 0 : cogDeg,
  };
  return advance(motion, Math.max(0, (p.eventMs - p.lastMs[row]!) / 1000));
}

function alertMarks(colors: ChartColors, scale: number): { layer: Layer; signs: Named[] } {
  const s = app.get();
  const selected = s.selection?.kind === "alert" ? s.selection.id : null;
  const minute = eventMinute(s);
  if (marks && marks.alerts === s.alerts && marks.minute === minute && marks.selected === selected && marks.colors === colors) return marks;
  if (glyphs?.colors !== colors) {
    glyphs = { colors, canvas: alertAtlas(colors.alert, s.palette === "night" ? "#000" : "#fff") };
  }
  const nowMs = eventNow();
  const shown: Alert[] = [...s.alerts.values()]
    .filter((a) => a.lon !== null && a.lat !== null && ((current(a, nowMs) && told(a)) || a.id === selected))
    .sort((a, b) => b.priority - a.priority); // the most urgent is drawn last, on top
  const layer = draw.alertLayer(shown, glyphs.canvas, 20 * scale, selected);
  marks = { alerts: s.alerts, minute, selected, colors, layer, signs: shown.map((a) => ({ at: { lon: a.lon!, lat: a.lat! }, name: "", risePx: 18 * scale })) };
  return marks;
}

function labels(p: Picture, colors: ChartColors, scale: number): Layer[] {
  const c = chart.current!;
  if (!app.get().names || c.zoom < LABEL_ZOOM) return [];
  const b = c.map.getBounds();
  const { clientWidth, clientHeight } = c.map.getContainer();
  const rows = rowsToLabel(
    p, b.getWest(), b.getSouth(), b.getEast(), b.getNorth(),
    Math.max(1, Math.round(clientWidth / (110 * scale))), Math.max(1, Math.round(clientHeight / (36 * scale))),
  );
  const unknown = rows.map((r) => p.track[r]!).filter((t) => !names.has(t));
  if (unknown.length && !asked) {
    asked = true;
    void live.describe(unknown).then((vessels) => {
      asked = false;
      for (const t of unknown) names.set(t, "");
      for (const v of vessels) names.set(v.track, v.name ?? String(v.mmsi));
      c.redraw();
    });
  }
  const data = rows.flatMap((r) => {
    const text = names.get(p.track[r]!);
    const at = { lon: p.lonLat[2 * r]!, lat: p.lonLat[2 * r + 1]! };
    return text ? [{ ...c.map.project([at.lon, at.lat]), at, text }] : [];
  });
  if (data.length === 0) return [];
  return [draw.textLayer("names", clear(data, 11 * scale, 12 * scale), colors.label, hex(colors.halo), 11 * scale, [12 * scale, 3 * scale])];
}

/** Evidence lies still: the same layers as long as it is the same, so that nothing is drawn anew. */
let shownEvidence: { of: unknown[]; layers: Layer[] } = { of: [], layers: [] };
function evidence(colors: ChartColors, scale: number): Layer[] {
  const of = [over.evidence, over.evidenceFocus, colors];
  if (of.some((v, i) => v !== shownEvidence.of[i])) {
    const layers = draw.evidenceLayers(over.evidence, over.evidenceFocus, colors.select, hex(colors.halo), scale);
    shownEvidence = { of, layers };
  }
  return shownEvidence.layers;
}

/** Responders move when they are asked for again: until then the same layers. */
let shownResponders: { of: unknown[]; layers: Layer[] } = { of: [], layers: [] };
function responders(colors: ChartColors, scale: number): Layer[] {
  const minutes = app.get().vectorMinutes;
  const of = [sentNow(), minutes, colors, scale];
  if (of.some((v, i) => v !== shownResponders.of[i])) {
    const layers = draw.responderLayers(sentNow(), { color: colors.tool, halo: hex(colors.halo) }, minutes, scale);
    shownResponders = { of, layers };
  }
  return shownResponders.layers;
}

/** Names may change, and after a reset the numbers mean other vessels. */
export function forgetNames(): void {
  names.clear();
}

/** Range and bearing in words, for the readout below the chart. */
export const measured = new Store<{ text: string | null }>({ text: null });

function tellMeasured(text: string | null): void {
  if (text !== measured.get().text) measured.set({ text });
}

/** What lies over the fleet. The same layers as before where nothing has changed. */
export function extras(): Layer[] {
  const c = chart.current;
  if (!c) return [];
  const s = app.get();
  const { colors, scale, picture } = c;
  const halo = hex(colors.halo);
  // What is not settled yet is missing from the past: a line to where she is now closes it.
  const head = positionOf(picture, s.vessel?.track ?? null);
  const past = over.past.length && head ? [...over.past, head] : over.past;
  const layers: Layer[] = [...draw.pastLayers("past", past, colors.track, scale)];
  layers.push(...evidence(colors, scale));
  if (picture) {
    layers.push(...labels(picture, colors, scale));
    const brackets = [s.vessel?.track ?? null, s.cpa.a, s.cpa.b]
      .map((t) => positionOf(picture, t))
      .filter((p): p is Position => p !== null);
    const watched = tracksOf(watchList.get().listed).map((t) => positionOf(picture, t)).filter((p): p is Position => p !== null);
    diamond ??= draw.diamondAtlas();
    if (watched.length) layers.push(draw.bracketLayer("watched", watched, colors.tool, c.iconSize() + 20 * scale, diamond));
    bracket ??= draw.bracketAtlas();
    if (brackets.length) layers.push(draw.bracketLayer("selected", brackets, colors.select, c.iconSize() + 16 * scale, bracket));
  }
  layers.push(...responders(colors, scale));
  const alerts = alertMarks(colors, scale);
  layers.push(...layersOfContacts(colors, halo, scale, alerts.signs));
  layers.push(alerts.layer);
  if (over.measureFrom && over.measureTo) {
    const from = positionOf(picture, over.measureFrom.track) ?? over.measureFrom.at;
    layers.push(...draw.measureLayers(from, over.measureTo, colors.tool, halo, scale));
    tellMeasured(draw.measureText(from, over.measureTo));
  } else tellMeasured(null);
  const a = motionOf(picture, s.cpa.a);
  const b = motionOf(picture, s.cpa.b);
  over.cpa = a && b ? { a, b, cpa: closestApproach(a, b) } : null;
  if (over.cpa) layers.push(...draw.cpaLayers(over.cpa.a, over.cpa.b, over.cpa.cpa, colors.tool, halo, scale));
  return layers;
}
