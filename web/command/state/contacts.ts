import type { Layer } from "@deck.gl/core";
import { contacts as api, type Contact } from "../../client/contacts.ts";
import { ApiError, api as server, serverNow } from "../../client/http.ts";
import type { Chart } from "../../map/chart.ts";
import { CONTACT_LABEL_PX, contactAtlas, contactLayers, type Shown } from "../../map/contactLayers.ts";
import type { Named as Place } from "../../map/fromPlace.ts";
import { placeLabels, type Wanted } from "../../map/labelPlaces.ts";
import type { ChartColors } from "../../map/palette.ts";
import type { Position } from "../../map/position.ts";
import { reckon } from "../../map/reckon.ts";
import { wordOr, wordsOf, type Lang } from "../../words/index.ts";
import { app, tick } from "./app.ts";
import { chart } from "./chartHost.ts";
import { report } from "./report.ts";
import { sentNow } from "./responders.ts";
import { Store } from "./store.ts";
import { ageText } from "./time.ts";

/** Contacts in the live picture. `mayRead`: false for whom the policies let see none. `isPicking`: the next click on the
 * chart is the position of the form, which comes as `picked`. */
export const contacts = new Store<{ items: Contact[]; mayRead: boolean; isPicking: boolean; picked: Position | null }>({
  items: [], mayRead: true, isPicking: false, picked: null,
});

const EVERY_S = 30;
/** Circles grow by a few metres a second at most: drawn anew so often. */
const DRAWN_MS = 5_000;

export const isLive = (c: Contact, nowMs: number): boolean => c.ended === null && Date.parse(c.until) > nowMs;

/** What it is called: by name, call sign or MMSI, else what it is with its number. */
export function nameOf(c: Pick<Contact, "name" | "call_sign" | "mmsi" | "what" | "number">, lang: Lang): string {
  return c.name || c.call_sign || (c.mmsi !== null && `MMSI ${String(c.mmsi).padStart(9, "0")}`) || `${wordOr(lang, `contactWhat.${c.what}`, c.what)} ${c.number}`;
}

/** How long ago it was heard, and how: as the map says it. */
export function heardText(c: Pick<Contact, "heard" | "source">, nowMs: number, lang: Lang): string {
  return wordsOf(lang)("contact.ago", { source: wordOr(lang, `contactSource.${c.source}`, c.source), age: ageText(Math.floor((nowMs - Date.parse(c.heard)) / 1000)) });
}

/** By when they were last heard. */
export const newestFirst = (items: readonly Contact[]): Contact[] => [...items].sort((a, b) => Date.parse(b.heard) - Date.parse(a.heard));

export function takeContacts(rows: Contact[]): void {
  const known = new Map(contacts.get().items.map((c) => [c.id, c]));
  for (const row of rows) if ((known.get(row.id)?.seq ?? -1) <= row.seq) known.set(row.id, row);
  contacts.set({ items: [...known.values()].filter((c) => isLive(c, serverNow())) });
  chart.current?.redraw();
}

export async function loadContacts(): Promise<void> {
  if (!contacts.get().mayRead) return;
  try {
    contacts.set({ items: (await api.live()).items });
    chart.current?.redraw();
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 403) contacts.set({ mayRead: false });
    else if (!(error instanceof ApiError && error.problem.status === 0)) report(error);
  }
}

let last = 0;

/** Reads now, and every half minute beside what the live stream tells. */
export function followContacts(): () => void {
  void loadContacts();
  return tick.subscribe(() => {
    const { n } = tick.get();
    const { items } = contacts.get();
    if (items.some((c) => !isLive(c, serverNow()))) contacts.set({ items: items.filter((c) => isLive(c, serverNow())) });
    if (n - last < EVERY_S || document.hidden) return;
    last = n;
    void loadContacts();
  });
}

/** Every report of the chosen one that is no longer live is shown too. */
export const chosen = new Store<{ contact: Contact | null }>({ contact: null });

/** The contact under a click, if any. */
export function contactAt(px: { x: number; y: number }): Contact | null {
  const map = chart.current?.map;
  if (!map) return null;
  let best: Contact | null = null;
  let least = 16 * chart.current!.scale;
  for (const c of contacts.get().items) {
    const { at } = reckon(c, serverNow());
    const p = map.project([at.lon, at.lat]);
    const apart = Math.hypot(p.x - px.x, p.y - px.y);
    if (apart < least) [best, least] = [c, apart];
  }
  return best;
}

let atlas: HTMLCanvasElement | null = null;
let drawn: { of: unknown[]; layers: Layer[] } = { of: [], layers: [] };

export const shownOf = (items: readonly Contact[], atMs: number, lang: Lang): Shown[] =>
  items.map((contact) => ({ contact, reckoned: reckon(contact, atMs), label: `${nameOf(contact, lang)}\n${heardText(contact, atMs, lang)}` }));

/** A sign that stands on the chart besides, with its name if it shows one. */
export interface Named {
  at: Position;
  name: string;
  /** How far above its place the sign stands, in pixels. */
  risePx?: number;
}

/** The same with their labels so placed that none lies on another, nor on `others`. */
export function labelled(shown: Shown[], map: Chart["map"], scale: number, others: readonly Named[] = []): Shown[] {
  const onScreen = (p: Position, text: string, risePx = 0): Wanted => {
    const { x, y } = map.project([p.lon, p.lat]);
    return { x, y: y - risePx, text };
  };
  const places = placeLabels(
    shown.map((s) => onScreen(s.reckoned.at, s.label)), CONTACT_LABEL_PX * scale, 12 * scale, others.map((s) => onScreen(s.at, s.name, s.risePx)),
    [map.getContainer().clientWidth, map.getContainer().clientHeight],
  );
  return shown.map((s, i) => ({ ...s, place: places[i] }));
}

/** For the chart: the same layers until something changes. */
export function layersOfContacts(colors: ChartColors, halo: number[], scale: number, marks: readonly Named[]): Layer[] {
  const { items } = contacts.get();
  const s = app.get();
  const selected = s.selection?.kind === "contact" ? s.selection.id : null;
  const other = chosen.get().contact;
  const { zoom, map } = chart.current!; // however it is moved, labels stand to one another as before
  const of = [items, other, Math.floor(serverNow() / DRAWN_MS), colors, scale, selected, s.lang, sentNow(), marks, Math.round(zoom * 4)];
  if (of.some((v, i) => v !== drawn.of[i])) {
    const all = other && selected === other.id && !items.some((c) => c.id === other.id) ? [...items, other] : items;
    atlas ??= contactAtlas();
    drawn = { of, layers: contactLayers(labelled(shownOf(all, serverNow(), s.lang), map, scale, [...sentNow(), ...marks]), { color: colors.contact, halo }, atlas, selected, scale) };
  }
  return drawn.layers;
}

let places: Promise<Place[]> | null = null;

/** Ports and landing places by name, for positions that are given from one; asked for once. */
export function knownPlaces(): Promise<Place[]> {
  places ??= server.areas().then(
    (found) =>
      found.features.flatMap((f) => {
        if (f.geometry.type !== "Point") return [];
        const [lon, lat] = f.geometry.coordinates as [number, number];
        const p = f.properties as { name_zh?: string | null; name_en?: string | null };
        const names = [p.name_zh, p.name_en].filter((n): n is string => Boolean(n));
        return names.length ? [{ names, at: { lon, lat } }] : [];
      }),
    (error: unknown) => {
      places = null;
      throw error;
    },
  );
  return places;
}
