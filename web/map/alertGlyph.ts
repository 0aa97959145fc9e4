import type { Priority } from "../client/types.ts";

/** The shapes that tell priorities apart without colour, in a box of 24: after the alert icons of
 * IEC 62923-2 (alarm a triangle, warning a circle, caution a square); the emergency alarm an octagon. What is only
 * noted is a small dot without a mark. */
export const ALERT_PATH: Record<Priority, string> = {
  1: "M8 1.5h8L22.5 8v8L16 22.5H8L1.5 16V8z",
  2: "M12 2 23 21.5H1z",
  3: "M12 1.5a10.5 10.5 0 1 0 0 21 10.5 10.5 0 1 0 0-21z",
  4: "M2.5 2.5h19v19h-19z",
  5: "M12 7a5 5 0 1 0 0 10 5 5 0 1 0 0-10z",
};

/** The mark inside: two strokes for an emergency, one else. */
export const ALERT_MARK: Record<Priority, string> = {
  1: "M8.6 6h2.4l-.4 8H9zM9 16h1.8v2H9zM13 6h2.4l-.4 8h-1.6zM13.3 16h1.8v2h-1.8z",
  2: "M10.7 8h2.6l-.5 7h-1.6zM10.9 16.6h2.2v2.2h-2.2z",
  3: "M10.7 5.5h2.6l-.5 8h-1.6zM10.9 15.6h2.2v2.4h-2.2z",
  4: "M10.7 5.5h2.6l-.5 8h-1.6zM10.9 15.6h2.2v2.4h-2.2z",
  5: "",
};

const PRIORITIES: Priority[] = [1, 2, 3, 4, 5];
const CELL = 72;
const HALO = "rgba(0,0,0,0.55)";

/** All in one row, each in its colour, for the map. */
export function alertAtlas(colors: Record<Priority, number[]>, mark: string): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = PRIORITIES.length * CELL;
  canvas.height = CELL;
  const c = canvas.getContext("2d")!;
  for (const priority of PRIORITIES) {
    c.setTransform(2.6, 0, 0, 2.6, (priority - 1) * CELL + 4.8, 4.8);
    const shape = new Path2D(ALERT_PATH[priority]);
    c.strokeStyle = HALO;
    c.lineWidth = 2.4;
    c.stroke(shape);
    c.fillStyle = `rgb(${colors[priority].join(",")})`;
    c.fill(shape);
    c.fillStyle = mark;
    c.fill(new Path2D(ALERT_MARK[priority]));
  }
  return canvas;
}

export const ALERT_MAPPING = Object.fromEntries(
  PRIORITIES.map((p) => [String(p), { x: (p - 1) * CELL, y: 0, width: CELL, height: CELL, mask: false }]),
);
