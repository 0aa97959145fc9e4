import { useEffect, useRef } from "react";
import { Chart, DEFAULT_CENTER } from "../../map/chart.ts";
import { fenceNames, fenceShapes } from "../../map/fenceShape.ts";
import { hideTiles, showTiles } from "../../map/tiles.ts";
import { coveredPx, select, selectTrack } from "../state/actions.ts";
import { app, pointer } from "../state/app.ts";
import { chart } from "../state/chartHost.ts";
import { contactAt, contacts } from "../state/contacts.ts";
import { extras, over, positionOf } from "../state/overlay.ts";
import { report } from "../state/report.ts";
import { pictureOptions } from "../state/pictureOptions.ts";
import { useStore } from "../state/store.ts";
import { live } from "../state/live.ts";
import type { LayerGroup } from "../../map/style.ts";
import type { Position } from "../../map/position.ts";
import { useWords } from "./common.tsx";
import { fenceName } from "./fence.ts";

function onClick(at: Position, track: number | null, more: boolean, px: { x: number; y: number }): void {
  const s = app.get();
  if (contacts.get().isPicking) return contacts.set({ isPicking: false, picked: at });
  const picture = chart.current?.picture ?? null;
  if (s.tool === "measure") {
    if (!over.measureFrom || over.measureFixed) {
      over.measureFrom = { at, track };
      over.measureTo = at;
      over.measureFixed = false;
    } else {
      over.measureTo = positionOf(picture, track) ?? at;
      over.measureFixed = true;
    }
    chart.current?.redraw();
  } else if (s.tool === "cpa" || more) {
    if (track === null) return;
    const { a, b } = s.cpa;
    const first = more && a === null && b === null ? (s.vessel?.track ?? null) : a;
    const cpa = first === null || (first !== null && b !== null) ? { a: track, b: null } : { a: first, b: track };
    app.set({ tool: "cpa", cpa });
    chart.current?.redraw();
  } else if (s.selection?.kind !== "fence") {
    const contact = contactAt(px);
    if (contact) select({ kind: "contact", id: contact.id });
    else if (track !== null) void selectTrack(track);
  }
}

let hovered: number | null = null;
function onPointer(at: Position | null, track: number | null): void {
  if (app.get().tool === "measure" && over.measureFrom && !over.measureFixed && at) {
    over.measureTo = positionOf(chart.current?.picture ?? null, track) ?? at;
    chart.current?.redraw();
  }
  if (track !== hovered) {
    hovered = track;
    pointer.set({ at, track, label: "" });
    const canvas = chart.current?.map.getCanvas();
    if (canvas) canvas.style.cursor = track === null ? "" : "pointer";
    if (track !== null) {
      void live.describe([track]).then(([v]) => {
        if (hovered === track && v) pointer.set({ label: v.name ?? `MMSI ${v.mmsi}` });
      });
    }
  } else pointer.set({ at });
}

export function ChartView() {
  const t = useWords();
  const box = useRef<HTMLDivElement>(null);
  // One by one: the state as a whole changes with every update of the fleet.
  const palette = useStore(app, (s) => s.palette);
  const lang = useStore(app, (s) => s.lang);
  const groups = useStore(app, (s) => s.groups);
  const tails = useStore(app, (s) => s.tails);
  const tailMinutes = useStore(app, (s) => s.tailMinutes);
  const vectorMinutes = useStore(app, (s) => s.vectorMinutes);
  const hidden = useStore(app, (s) => s.hidden);
  const fences = useStore(app, (s) => s.fences);
  const tiles = useStore(app, (s) => s.tiles);
  const shownTiles = useStore(app, (s) => s.shownTiles);
  const tool = useStore(app, (s) => s.tool);
  const region = useStore(app, (s) => s.settings?.region);

  useEffect(() => {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const s = app.get();
    const made = new Chart(
      box.current!, s.palette, s.lang, rem / 14,
      { click: onClick, pointer: onPointer, moved: () => undefined, coveredPx, extras },
      s.settings?.center ?? DEFAULT_CENTER, 7,
    );
    chart.current = made;
    const canvas = made.map.getCanvas();
    canvas.setAttribute("aria-label", t("chart.label"));
    return () => {
      chart.current = null;
      made.destroy();
    };
  }, []);

  useEffect(() => {
    const bbox = app.get().settings?.bbox;
    if (bbox) chart.current?.map.fitBounds(bbox, { animate: false, padding: 10 });
  }, [region]);
  useEffect(() => {
    chart.current?.setPalette(palette, lang);
    live.setOptions(pictureOptions());
  }, [palette, lang]);
  useEffect(() => live.setOptions(pictureOptions()), [vectorMinutes, tailMinutes, hidden]);
  useEffect(() => chart.current?.setTails(tails), [tails]);
  useEffect(() => {
    for (const [group, on] of Object.entries(groups)) chart.current?.setVisible(group as LayerGroup, on);
  }, [groups]);
  useEffect(() => {
    const named = fences.map((f) => ({ name: fenceName(f, lang), geometry: f.geometry }));
    chart.current?.setSource("fences", fenceShapes(named));
    chart.current?.setSource("fenceNames", fenceNames(named));
  }, [fences, lang]);
  useEffect(() => {
    const map = chart.current?.map;
    if (!map) return;
    for (const set of tiles) {
      if (shownTiles.includes(set.name)) showTiles(map, set, () => chart.current!.colors).catch(report);
      else hideTiles(map, set.name);
    }
  }, [tiles, shownTiles]);
  useEffect(() => {
    if (tool !== "measure") {
      over.measureFrom = over.measureTo = null;
      over.measureFixed = false;
    }
    chart.current?.redraw();
  }, [tool]);

  return (
    <>
      <div ref={box} className="chart" data-tool={tool} />
      <svg className="cross" viewBox="0 0 48 48" aria-hidden="true">
        <path d="M24 2v16M24 30v16M2 24h16M30 24h16" />
      </svg>
    </>
  );
}
