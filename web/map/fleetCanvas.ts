import type { Picture, Segments } from "../client/picture.ts";
import { FleetCard, type FleetLook } from "./fleetCard.ts";
import { sightOf, type Cut } from "./sight.ts";

/** Tails, speed vectors and symbols of all vessels on a canvas of their own: an update draws neither the
 * chart below again nor what lies above. */
export class FleetCanvas {
  readonly canvas = document.createElement("canvas");
  private gl: WebGL2RenderingContext;
  /** Null while the graphics card has been lost. */
  private card: FleetCard | null;
  private picture: Picture | null = null;
  private tails: readonly Segments[] = [];
  private up: { picture: Picture | null; tails: readonly Segments[] } = { picture: null, tails: [] };
  private drawn = "";

  /** `redraw` is called when the graphics card has come back. */
  constructor(private atlas: HTMLCanvasElement, antialias: boolean, redraw: () => void) {
    this.canvas.className = "fleet";
    this.canvas.setAttribute("aria-hidden", "true");
    Object.assign(this.canvas.style, { position: "absolute", inset: "0", width: "100%", height: "100%", pointerEvents: "none" });
    const gl = this.canvas.getContext("webgl2", { antialias, depth: false });
    if (!gl) throw new Error("this browser draws no WebGL 2");
    this.gl = gl;
    this.card = new FleetCard(gl, atlas);
    this.canvas.addEventListener("webglcontextlost", (e) => {
      e.preventDefault(); // else it never comes back
      this.card = null;
    });
    this.canvas.addEventListener("webglcontextrestored", () => {
      this.card = new FleetCard(gl, this.atlas);
      this.up = { picture: null, tails: [] };
      redraw();
    });
  }

  setPicture(picture: Picture): void {
    this.picture = picture;
  }

  pushTail(step: Segments, reset: boolean, most: number): void {
    const before = reset ? [] : this.tails;
    this.tails = step.length ? [...before, step].slice(-most) : before;
  }

  /** Draws if anything differs from what the canvas shows. */
  draw(cut: Cut, look: FleetLook, ratio: number): void {
    const { card, canvas, picture, tails, up } = this;
    if (!card || !picture) return;
    const sight = sightOf(cut, picture.anchor);
    const now = [sight.view, sight.screen, ratio, ...Object.values(look)].join();
    if (now === this.drawn && up.picture === picture && up.tails === tails) return;
    this.drawn = now;
    if (up.picture !== picture) card.putPicture(picture);
    if (up.tails !== tails) card.putTails(tails);
    this.up = { picture, tails };
    const [width, height] = [Math.round(cut.width * ratio), Math.round(cut.height * ratio)];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    card.draw(sight, look);
  }

  free(): void {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
    this.canvas.remove();
  }
}
