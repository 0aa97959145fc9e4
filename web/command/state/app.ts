import type { Link } from "../../client/live.protocol.ts";
import type { Alert, Fence, Health, Outage, Settings, TileSet, Vessel } from "../../client/types.ts";
import { PALETTES, type PaletteName } from "../../map/palette.ts";
import type { Position } from "../../map/position.ts";
import type { LayerGroup } from "../../map/style.ts";
import { firstLang, type Lang } from "../../words/index.ts";
import type { Part } from "./again.ts";
import { Store } from "./store.ts";

export type Selection =
  | { kind: "vessel"; id: string }
  | { kind: "alert"; id: string }
  | { kind: "fences" }
  | { kind: "fence"; id: string | null }
  | { kind: "outages" }
  | { kind: "layers" }
  | { kind: "watchList" }
  | { kind: "contacts" }
  | { kind: "contact"; id: string }
  | null;

export type Tool = "none" | "measure" | "cpa";

export interface Toast {
  id: number;
  tone: "error" | "ok";
  text: string;
  /** What the officer can do about it. */
  remedy?: string;
  action?: { label: string; run: () => void };
}

export interface AppState {
  settings: Settings | null;
  health: Health | null;
  /** When it came, by the page's clock. */
  healthAt: number;
  /** The server did not answer when the page asked it first. */
  unreachable: boolean;
  /** Why the role of who has signed in does not see the picture; undefined when it does. */
  denied?: { zh: string; en: string } | null;
  link: Link;
  retryAt: number;
  /** When the last frame came, by the page's clock; 0 before the first. */
  frameAt: number;
  stale: boolean;
  vesselCount: number;
  /** Without those of hidden types. */
  shownCount: number;
  beaconCount: number;
  alerts: ReadonlyMap<string, Alert>;
  /** When each alert came to this page live, for the flash; history has none. */
  arrived: ReadonlyMap<string, number>;
  alertsLoaded: boolean;
  fences: Fence[];
  outages: Outage[];
  tiles: TileSet[];
  /** What could not be loaded yet; it is asked for again and again. */
  missing: Part[];
  shownTiles: string[];
  selection: Selection;
  /** The vessel of the open panel, known from the live stream. */
  vessel: Vessel | null;
  tool: Tool;
  cpa: { a: number | null; b: number | null };
  palette: PaletteName;
  lang: Lang;
  muted: boolean;
  soundReady: boolean;
  groups: Record<LayerGroup, boolean>;
  tails: boolean;
  tailMinutes: number;
  names: boolean;
  vectorMinutes: number;
  hidden: string[];
  help: boolean;
  goTo: boolean;
  toasts: Toast[];
  announce: { text: string; urgent: boolean };
}

const KEPT = ["palette", "lang", "muted", "groups", "tails", "tailMinutes", "names", "vectorMinutes", "hidden", "shownTiles"] as const;
const KEY = "littoral.screen";

function kept(): Partial<AppState> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<AppState>;
  } catch {
    return {};
  }
}

export const app = new Store<AppState>({
  settings: null,
  health: null,
  healthAt: 0,
  unreachable: false,
  link: "connecting",
  retryAt: 0,
  frameAt: 0,
  stale: false,
  vesselCount: 0,
  shownCount: 0,
  beaconCount: 0,
  alerts: new Map(),
  arrived: new Map(),
  alertsLoaded: false,
  fences: [],
  outages: [],
  tiles: [],
  missing: [],
  shownTiles: [],
  selection: null,
  vessel: null,
  tool: "none",
  cpa: { a: null, b: null },
  palette: "dusk",
  lang: firstLang(navigator.languages),
  muted: false,
  soundReady: false,
  groups: { rings: true, ports: true, landings: true, crossings: true, fences: true, grid: true },
  tails: true,
  tailMinutes: 6,
  names: true,
  vectorMinutes: 6,
  hidden: [],
  help: false,
  goTo: false,
  toasts: [],
  announce: { text: "", urgent: false },
  ...kept(),
});

let written: AppState | null = null;
app.subscribe(() => {
  const state = app.get();
  const before = written;
  if (before && KEPT.every((k) => state[k] === before[k])) return;
  written = state;
  localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(KEPT.map((k) => [k, state[k]]))));
});

/** What changes too often for the page as a whole. */
export const pointer = new Store<{ at: Position | null; track: number | null; label: string }>({
  at: null, track: null, label: "",
});
/** About once a second, with the picture while pictures come: whatever shows the time follows this and no
 * timer of its own, so that the page is laid out and painted once. `atMs`: by the page's clock. */
export const tick = new Store<{ n: number; atMs: number }>({ n: 0, atMs: Date.now() });

let lastToast = 0;
/** What offers a way back stays longer: nobody should have to race for it. */
export function toast(entry: Omit<Toast, "id">): void {
  const id = ++lastToast;
  const seconds = entry.action ? 30 : 12;
  app.set({ toasts: [...app.get().toasts.slice(-3), { id, ...entry }] });
  setTimeout(() => closeToast(id), seconds * 1000);
}

export function closeToast(id: number): void {
  app.set({ toasts: app.get().toasts.filter((t) => t.id !== id) });
}

export const paletteAfter = (now: PaletteName): PaletteName => PALETTES[(PALETTES.indexOf(now) + 1) % PALETTES.length]!;

export function nextPalette(): void {
  app.set({ palette: paletteAfter(app.get().palette) });
}

/** Event time of the server's last word, in ms; NaN before the first. */
export function eventNow(): number {
  return Date.parse(app.get().health?.event_time ?? "");
}

/** The same by the minute, for what is drawn anew only when it moves on. */
export function eventMinute(s: AppState): number {
  return Math.floor(Date.parse(s.health?.event_time ?? "") / 60_000);
}
