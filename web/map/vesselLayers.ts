import type { Layer } from "@deck.gl/core";
import { IconLayer, LineLayer } from "@deck.gl/layers";
import type { Picture, Segments } from "../client/picture.ts";
import { ICON_MAPPING } from "./icons.ts";

/** deck.gl's binary data. Its types know arrays of objects alone, hence the one cast below. */
type Binary = unknown[];
const binary = (length: number, attributes: Record<string, unknown>): Binary =>
  ({ length, attributes }) as unknown as Binary;

export function segments(lines: Segments, color?: Uint8Array): Binary {
  return binary(lines.from.length / 2, {
    getSourcePosition: { value: lines.from, size: 2 },
    getTargetPosition: { value: lines.to, size: 2 },
    ...(color ? { getColor: { value: color, size: 4, normalized: true } } : {}),
  });
}

export function vesselLayers(
  p: Picture, atlas: HTMLCanvasElement, sizePx: number, scale: number, headColor: number[], tails: boolean,
): Layer[] {
  const icons = binary(p.n, {
    getPosition: { value: p.lonLat, size: 2 },
    getAngle: { value: p.angleDeg, size: 1 },
    getColor: { value: p.color, size: 4, normalized: true },
    instanceIconDefs: { value: p.icon, size: 7 },
  });
  return [
    new LineLayer({
      id: "tail-head",
      data: segments(p.head),
      visible: tails,
      getColor: [...headColor, 150] as [number, number, number, number],
      getWidth: scale,
    }),
    new LineLayer({ id: "vectors", data: segments(p.vectors, p.vectorColor), getWidth: 1.2 * scale }),
    new IconLayer({
      id: "vessels",
      data: icons,
      iconAtlas: atlas as unknown as string,
      iconMapping: ICON_MAPPING,
      sizeUnits: "pixels",
      sizeBasis: "height",
      getSize: sizePx,
      alphaCutoff: 0.02,
    }),
  ];
}

/** The finished steps of the tails, oldest first. Each is uploaded once and then only drawn. */
export class Tails {
  private steps: { id: string; data: Binary }[] = [];
  private layers: Layer[] = [];
  private made = 0;
  private look = "";

  constructor(private most: number) {}

  push(lines: Segments, reset: boolean): void {
    if (reset) this.steps = [];
    if (lines.from.length > 0) this.steps.push({ id: `tail-${this.made++}`, data: segments(lines) });
    if (this.steps.length > this.most) this.steps.shift();
    this.look = "";
  }

  build(color: number[], width: number): Layer[] {
    const look = `${color} ${width}`;
    if (look === this.look) return this.layers; // the same objects: deck.gl need not compare them
    this.look = look;
    this.layers = this.steps.map(
      ({ id, data }, i) =>
        new LineLayer({
          id,
          data,
          getColor: [...color, 255] as [number, number, number, number],
          getWidth: width,
          opacity: 0.15 + (0.45 * (i + 1)) / (this.steps.length + 1),
        }),
    );
    return this.layers;
  }
}
