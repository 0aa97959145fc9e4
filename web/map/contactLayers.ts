import type { Layer } from "@deck.gl/core";
import { IconLayer, PathLayer, PolygonLayer } from "@deck.gl/layers";
import type { Contact, What } from "../client/contacts.ts";
import { circle } from "./geo.ts";
import type { Place } from "./labelPlaces.ts";
import { rgba, textLayer } from "./overlays.ts";
import type { Reckoning } from "./reckon.ts";

const WHATS: What[] = ["vessel", "small_craft", "in_water", "aircraft", "unknown"];
const CELL = 72;
export const CONTACT_LABEL_PX = 14;

/** A house with its top cut off, as no target of AIS, alert or responder has it; the sign inside tells what it is. In a
 * box of 24. */
const FRAME = "M2.5 9 7.5 2.5h9L21.5 9v12.5h-19z";
const SIGN: Record<What, string> = {
  vessel: "M5.5 13h13l-2.5 5h-8zM11 7h2v5h-2z",
  small_craft: "M7 14.5h10l-2 3.5H9z",
  in_water: "M10.8 6.5h2.4v4.3h4.3v2.4h-4.3v4.3h-2.4v-4.3H6.5v-2.4h4.3z",
  aircraft: "M11 5.5h2v4l6 3.5v2l-6-1.5v3l2 1.5v1.5l-3-.7-3 .7V18l2-1.5v-3L5 15v-2l6-3.5z",
  unknown: "M12 6.200a3.9 3.9 0 0 0-4 3.500h2.400a1.6 1.6 0 1 1 2.3 1.400c-1.1.6-1.9 1.3-1.9 2.900h2.400c0-.7.4-1 1.1-1.500a3.3 3.3 0 0 0-2.3-6.300zM10.8 15.500h2.400v2.400h-2.400z",
};

/** All in one row as masks: they take the colour of the palette. */
export function contactAtlas(): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = WHATS.length * CELL;
  canvas.height = CELL;
  const c = canvas.getContext("2d")!;
  WHATS.forEach((what, i) => {
    c.setTransform(2.6, 0, 0, 2.6, i * CELL + 4.8, 4.8);
    c.strokeStyle = c.fillStyle = "#fff";
    c.lineWidth = 2;
    c.stroke(new Path2D(FRAME));
    c.fill(new Path2D(SIGN[what]));
  });
  return canvas;
}

const MAPPING = Object.fromEntries(WHATS.map((what, i) => [what, { x: i * CELL, y: 0, width: CELL, height: CELL, mask: true }]));

export interface Shown {
  contact: Contact;
  reckoned: Reckoning;
  label: string;
  place?: Place;
}

const alpha = (s: Shown): number => (s.reckoned.isOld ? 110 : 255);

/** Where each was heard, its way since, the circle within which it is, and its sign where it is reckoned to be. What is
 * old is pale, and its circle grows no more. */
export function contactLayers(shown: Shown[], colors: { color: number[]; halo: number[] }, atlas: HTMLCanvasElement, selected: string | null, scale: number): Layer[] {
  if (shown.length === 0) return [];
  const tracks = shown.map((s) => ({
    s, path: [...s.contact.track.map((p): [number, number] => [p.lon, p.lat]), [s.reckoned.at.lon, s.reckoned.at.lat] as [number, number]],
  }));
  return [
    new PolygonLayer<Shown>({
      id: "contact-circles",
      data: shown,
      getPolygon: (s: Shown) => circle(s.reckoned.at, s.reckoned.radiusM, 60) as never,
      getFillColor: (s: Shown) => rgba(colors.color, s.contact.id === selected ? 40 : 18),
      getLineColor: (s: Shown) => rgba(colors.color, alpha(s) * 0.7),
      getLineWidth: 1.4 * scale,
      lineWidthUnits: "pixels",
      stroked: true,
      filled: true,
    }),
    new PathLayer<(typeof tracks)[number]>({
      id: "contact-ways",
      data: tracks,
      getPath: (t) => t.path as never,
      getColor: (t) => rgba(colors.color, alpha(t.s)),
      getWidth: 1.6 * scale,
      widthUnits: "pixels",
    }),
    new IconLayer<Shown>({
      id: "contacts",
      data: shown,
      iconAtlas: atlas as unknown as string,
      iconMapping: MAPPING,
      getIcon: (s: Shown) => s.contact.what,
      getPosition: (s: Shown) => [s.reckoned.at.lon, s.reckoned.at.lat],
      getSize: (s: Shown) => (s.contact.id === selected ? 32 : 24) * scale,
      getColor: (s: Shown) => rgba(colors.color, alpha(s)),
      sizeUnits: "pixels",
    }),
    textLayer("contact-names", shown.map((s) => ({ at: s.reckoned.at, text: s.label, place: s.place })), colors.color, colors.halo, CONTACT_LABEL_PX * scale, [16 * scale, -9 * scale]),
  ];
}
