import type { Layer } from "@deck.gl/core";
import { useEffect, useRef } from "react";
import { api } from "../../../client/http.ts";
import { Chart, DEFAULT_CENTER } from "../../../map/chart.ts";
import type { Position } from "../../../map/position.ts";
import { app } from "../../state/app.ts";
import { report } from "../../state/report.ts";
import { useStore } from "../../state/store.ts";

/** A chart of its own, beside the watch's: what it shows is never the live picture. `label` says so. */
export function PlainChart({ label, extras, onClick, onReady }: {
  label: string;
  extras: (chart: Chart) => Layer[];
  onClick?: (at: Position, track: number | null) => void;
  onReady: (chart: Chart | null) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const now = useRef({ extras, onClick });
  now.current = { extras, onClick };
  const palette = useStore(app, (s) => s.palette);
  const lang = useStore(app, (s) => s.lang);
  const made = useRef<Chart | null>(null);
  useEffect(() => {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const s = app.get();
    const chart: Chart = new Chart(
      box.current!, s.palette, s.lang, rem / 14,
      {
        click: (at, track) => now.current.onClick?.(at, track),
        pointer: () => undefined,
        moved: () => undefined,
        coveredPx: () => 0,
        extras: () => (made.current ? now.current.extras(made.current) : []),
      },
      s.settings?.center ?? DEFAULT_CENTER, 7,
    );
    made.current = chart;
    chart.map.getCanvas().setAttribute("aria-label", label);
    void api.settings().then((found) => chart.map.fitBounds(found.bbox as [number, number, number, number], { animate: false, padding: 10 }), report);
    void api.regionLand().then((land) => chart.setRegion(land), report);
    void api.areas().then((areas) => chart.setSource("areas", areas), report);
    onReady(chart);
    return () => {
      made.current = null;
      onReady(null);
      chart.destroy();
    };
  }, []);
  useEffect(() => made.current?.setPalette(palette, lang), [palette, lang]);
  return <div ref={box} className="chart" />;
}
