import type { Map as MapLibre } from "maplibre-gl";
import { TerraDraw, TerraDrawPolygonMode, TerraDrawSelectMode } from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import type { ChartColors } from "./palette.ts";

type Hex = `#${string}`;

/** Draws a new fence or moves the corners of one. The page keeps the polygon; this only edits it. */
export class FenceEditor {
  private draw: TerraDraw;
  private past: GeoJSON.Polygon[] = [];
  private id: string | number | undefined;

  constructor(map: MapLibre, colors: ChartColors, private changed: (polygon: GeoJSON.Polygon | null) => void) {
    const color = colors.fence as Hex;
    const halo = colors.halo as Hex;
    const styles = {
      fillColor: color, fillOpacity: 0.18, outlineColor: color, outlineWidth: 2,
      closingPointColor: halo, closingPointOutlineColor: color, closingPointOutlineWidth: 2, closingPointWidth: 6,
    };
    this.draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map }),
      modes: [
        new TerraDrawPolygonMode({ styles }),
        new TerraDrawSelectMode({
          flags: {
            polygon: {
              feature: {
                draggable: true,
                coordinates: { midpoints: true, draggable: true, deletable: true },
              },
            },
          },
          styles: {
            selectedPolygonColor: color, selectedPolygonFillOpacity: 0.18,
            selectedPolygonOutlineColor: color, selectedPolygonOutlineWidth: 2,
            selectionPointColor: halo, selectionPointOutlineColor: color,
            selectionPointOutlineWidth: 2, selectionPointWidth: 6,
            midPointColor: color, midPointOutlineColor: halo, midPointOutlineWidth: 1, midPointWidth: 4,
          },
        }),
      ],
    });
    this.draw.start();
    this.draw.on("finish", (id) => {
      this.id = id;
      this.remember();
      if (this.draw.getMode() === "polygon") this.edit();
    });
  }

  /** Waits for corners to be clicked; the first one again, or Enter, closes the polygon. */
  begin(): void {
    this.draw.clear();
    this.past = [];
    this.id = undefined;
    this.draw.setMode("polygon");
    this.changed(null);
  }

  /** Opens a polygon with its corners as handles. */
  open(polygon: GeoJSON.Polygon): void {
    this.draw.clear();
    const rounded = polygon.coordinates.map((ring) =>
      ring.map(([x, y]) => [Number(x!.toFixed(8)), Number(y!.toFixed(8))]),
    );
    const results = this.draw.addFeatures([
      {
        type: "Feature",
        properties: { mode: "polygon" },
        geometry: { type: "Polygon", coordinates: rounded },
      },
    ]);
    this.id = results[0]?.id;
    this.past = [polygon];
    this.edit();
    this.changed(polygon);
  }

  /** Takes a polygon that was typed, as one more change that can be undone. */
  replace(polygon: GeoJSON.Polygon): void {
    const kept = this.past;
    this.open(polygon);
    this.past = [...kept, polygon];
  }

  get canUndo(): boolean {
    return this.past.length > 1;
  }

  undo(): void {
    if (!this.canUndo) return;
    this.past.pop();
    const before = this.past.pop()!;
    const kept = this.past;
    this.open(before);
    this.past = [...kept, before];
  }

  private edit(): void {
    this.draw.setMode("select");
    if (this.id !== undefined) this.draw.selectFeature(this.id);
  }

  private remember(): void {
    const feature = this.draw.getSnapshot().find((f) => f.id === this.id);
    if (feature?.geometry.type !== "Polygon") return;
    const polygon = structuredClone(feature.geometry) as GeoJSON.Polygon;
    this.past.push(polygon);
    this.changed(polygon);
  }

  stop(): void {
    this.draw.stop();
  }
}
