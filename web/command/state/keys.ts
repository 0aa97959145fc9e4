import { acknowledgeSelected, nextAlert, select, setTool } from "./actions.ts";
import { app, nextPalette } from "./app.ts";
import { board, BOARDS } from "./board.ts";
import { chart } from "./chartHost.ts";
import { goPage, route, type Route } from "./route.ts";
import type { Word } from "../../words/index.ts";

export interface Shortcut {
  keys: string[];
  word: Word;
  run: () => void;
}

/** Whether the map is shown as on a wall: without controls, and with all boards. */
export const onWall = (at: Route): boolean => at.page === "map" && at.rest === "wall";

function escape(): void {
  const s = app.get();
  if (onWall(route.get())) goPage("map");
  else if (s.help) app.set({ help: false });
  else if (s.goTo) app.set({ goTo: false });
  else if (s.tool !== "none") setTool("none");
  else if (s.selection) select(null);
}

const PANES = [".chart canvas.maplibregl-canvas", ".side .panel-body", ".alert-list, #board a"];

/** The keyboard's way between chart, panel and alert list. */
function nextPane(): void {
  const panes = PANES.flatMap((s) => document.querySelector<HTMLElement>(s) ?? []);
  const at = panes.findIndex((p) => p.contains(document.activeElement));
  panes[(at + 1) % panes.length]?.focus();
}

export const SHORTCUTS: Shortcut[] = [
  { keys: ["/"], word: "key.search", run: () => document.getElementById("search")?.focus() },
  { keys: ["n"], word: "key.next", run: () => nextAlert(1) },
  { keys: ["p"], word: "key.previous", run: () => nextAlert(-1) },
  { keys: ["a"], word: "key.acknowledge", run: acknowledgeSelected },
  { keys: ["m"], word: "key.measure", run: () => setTool("measure") },
  { keys: ["c"], word: "key.cpa", run: () => setTool("cpa") },
  { keys: ["g"], word: "key.goto", run: () => app.set({ goTo: true }) },
  { keys: ["f"], word: "key.fences", run: () => select({ kind: "fences" }) },
  { keys: ["l"], word: "key.layers", run: () => select({ kind: "layers" }) },
  { keys: ["o"], word: "key.outages", run: () => select({ kind: "outages" }) },
  { keys: ["v"], word: "key.watchList", run: () => select({ kind: "watchList" }) },
  { keys: ["h"], word: "key.contacts", run: () => select({ kind: "contacts" }) },
  { keys: ["+", "="], word: "key.zoomIn", run: () => chart.current?.map.zoomIn() },
  { keys: ["-"], word: "key.zoomOut", run: () => chart.current?.map.zoomOut() },
  ...BOARDS.map((at, n): Shortcut => ({ keys: [String(n + 1)], word: `key.board.${at}`, run: () => board.set({ at }) })),
  { keys: ["w"], word: "key.wall", run: () => goPage("map", onWall(route.get()) ? "" : "wall") },
  { keys: ["r"], word: "key.past", run: () => goPage("past") },
  { keys: ["F6"], word: "key.pane", run: nextPane },
  { keys: ["d"], word: "key.palette", run: nextPalette },
  { keys: ["t"], word: "key.tails", run: () => app.set({ tails: !app.get().tails }) },
  { keys: ["s"], word: "key.sound", run: () => app.set({ muted: !app.get().muted }) },
  { keys: ["?"], word: "key.help", run: () => app.set({ help: !app.get().help }) },
  { keys: ["Escape"], word: "key.escape", run: escape },
];

export function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target as HTMLElement;
  const typing = target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (typing && event.key !== "Escape") return;
  if (typing) target.blur();
  if (target.matches("canvas") && "+=-".includes(event.key)) return; // the chart's own keys
  const shortcut = SHORTCUTS.find((s) => s.keys.includes(event.key));
  if (!shortcut) return;
  event.preventDefault();
  shortcut.run();
}
