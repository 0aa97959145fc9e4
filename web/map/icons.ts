import { SHAPES } from "../client/picture.ts";

const CELL = 64;

type Draw = (c: CanvasRenderingContext2D) => void;

function polygon(c: CanvasRenderingContext2D, points: number[]): void {
  c.beginPath();
  for (let i = 0; i < points.length; i += 2) c.lineTo(points[i]!, points[i + 1]!);
  c.closePath();
}

const HULL = [32, 4, 45, 26, 45, 58, 32, 52, 19, 58, 19, 26];
const ARROW = [32, 6, 50, 56, 32, 46, 14, 56];

function shrunk(points: number[], by: number): number[] {
  return points.map((v) => 32 + (v - 32) * by);
}

/** One glyph a shape, bow up. After IEC 62288: an activated target is filled, a sleeping one small
 * and hollow, a lost one crossed, an AtoN a diamond, a SART a circle with a cross; a net beacon, which the
 * standard does not know, a small float with its staff. */
const GLYPHS: Record<(typeof SHAPES)[number], Draw> = {
  class_a: (c) => {
    polygon(c, HULL);
    c.fill();
  },
  class_b: (c) => {
    polygon(c, ARROW);
    c.stroke();
    c.globalAlpha = 0.35;
    c.fill();
  },
  base: (c) => {
    c.strokeRect(16, 16, 32, 32);
    c.fillRect(27, 27, 10, 10);
  },
  aton: (c) => {
    polygon(c, [32, 8, 56, 32, 32, 56, 8, 32]);
    c.stroke();
    c.fillRect(29, 20, 6, 24);
    c.fillRect(20, 29, 24, 6);
  },
  sar: (c) => {
    polygon(c, [32, 4, 37, 22, 60, 34, 60, 40, 37, 35, 36, 48, 44, 55, 44, 59, 32, 56, 20, 59, 20, 55, 28, 48, 27, 35, 4, 40, 4, 34, 27, 22]);
    c.fill();
  },
  distress: (c) => {
    c.lineWidth = 7;
    c.beginPath();
    c.arc(32, 32, 25, 0, 7);
    c.moveTo(15, 15);
    c.lineTo(49, 49);
    c.moveTo(49, 15);
    c.lineTo(15, 49);
    c.stroke();
  },
  no_heading: (c) => {
    c.beginPath();
    c.arc(32, 32, 13, 0, 7);
    c.stroke();
    c.beginPath();
    c.arc(32, 32, 4, 0, 7);
    c.fill();
  },
  class_a_rest: (c) => {
    polygon(c, shrunk(HULL, 0.72));
    c.stroke();
  },
  class_b_rest: (c) => {
    polygon(c, shrunk(ARROW, 0.62));
    c.stroke();
  },
  net_beacon: (c) => {
    c.lineWidth = 4;
    c.beginPath();
    c.moveTo(32, 22);
    c.lineTo(32, 34);
    c.stroke();
    c.beginPath();
    c.arc(32, 38, 6, 0, 7);
    c.fill();
  },
  lost: (c) => {
    polygon(c, shrunk(HULL, 0.8));
    c.stroke();
    c.beginPath();
    c.moveTo(8, 32);
    c.lineTo(56, 32);
    c.stroke();
  },
};

export function iconAtlas(): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = CELL * SHAPES.length;
  canvas.height = CELL;
  const c = canvas.getContext("2d")!;
  SHAPES.forEach((shape, i) => {
    c.save();
    c.translate(i * CELL, 0);
    c.fillStyle = c.strokeStyle = "#fff";
    c.lineWidth = 5;
    c.lineJoin = "round";
    GLYPHS[shape](c);
    c.restore();
  });
  return canvas;
}
