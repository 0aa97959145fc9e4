import { Layer, type LayerContext, type UpdateParameters } from "@deck.gl/core";
import { SHAPES, type Picture, type Segments } from "../client/picture.ts";
import { FleetCard, type LineSet } from "./fleetCard.ts";
import { sightOf } from "./sight.ts";

export interface FleetProps {
  id: string;
  picture: Picture;
  /** The finished steps of the tails, oldest first; null: no tails. Each goes up once. */
  tails: readonly Segments[] | null;
  atlas: HTMLCanvasElement;
  sizePx: number;
  scale: number;
  tailColor: number[];
}

interface State {
  card: FleetCard;
  vectors: LineSet;
  head: LineSet;
  steps: Map<Segments, LineSet>;
}

/** Tails, speed vectors and symbols of all vessels as one layer of deck.gl. */
export class FleetLayer extends Layer<FleetProps> {
  static override layerName = "FleetLayer";

  private get own(): State {
    return this.state as unknown as State;
  }

  override initializeState({ gl }: LayerContext): void {
    const card = new FleetCard(gl, this.props.atlas, SHAPES.length);
    const state: State = { card, vectors: card.lineSet(), head: card.lineSet(), steps: new Map() };
    this.setState(state);
  }

  override updateState({ props, oldProps }: UpdateParameters<this>): void {
    const { card, vectors, head, steps } = this.own;
    const { picture: p, tails } = props;
    if (p !== oldProps.picture) {
      card.put(p.icon, p.color);
      vectors.put(p.vectors, p.vectorColor);
      head.put(p.head);
    }
    if (!tails || tails === oldProps.tails) return;
    for (const [step, set] of steps) {
      if (tails.includes(step)) continue;
      set.free();
      steps.delete(step);
    }
    for (const step of tails) {
      if (steps.has(step)) continue;
      const set = card.lineSet();
      set.put(step);
      steps.set(step, set);
    }
  }

  override draw(): void {
    const { card, vectors, head, steps } = this.own;
    const { picture, tails, sizePx, scale, tailColor } = this.props;
    const sight = sightOf(this.context.viewport, picture.anchor);
    tails?.forEach((step, i) => {
      const fade = 0.15 + (0.45 * (i + 1)) / (tails.length + 1);
      card.drawLines(steps.get(step)!, sight, scale, [...tailColor, 255 * fade]);
    });
    if (tails) card.drawLines(head, sight, scale, [...tailColor, 150]);
    card.drawLines(vectors, sight, 1.2 * scale, null);
    card.drawIcons(sight, sizePx);
  }

  override finalizeState(context: LayerContext): void {
    super.finalizeState(context);
    const { card, vectors, head, steps } = this.own;
    for (const set of [vectors, head, ...steps.values()]) set.free();
    card.free();
  }
}
