import { describe, expect, it } from "vitest";
import { clear, placeLabels, sizeOf, type Place, type Wanted } from "./labelPlaces.ts";

const PX = 14;
const SIGN = 12;

/** The box of a label, from its place by hand: offset to its edge and to its middle. */
function box(of: Wanted, { offset: [dx, dy], anchor }: Place): number[] {
  const [width, height] = sizeOf(of.text, PX);
  const left = of.x + dx - (anchor === "end" ? width : 0);
  return [left, of.y + dy - height / 2, left + width, of.y + dy + height / 2];
}
const meet = (a: number[], b: number[]): boolean => a[0]! < b[2]! && b[0]! < a[2]! && a[1]! < b[3]! && b[1]! < a[3]!;

describe("labels of vessels", () => {
  it("are left out where they would lie on one another", () => {
    const wanted = [[100, 100], [150, 104], [100, 130], [400, 100]].map(([x, y]) => ({ x: x!, y: y!, text: "QIONG LIN YU 01234" }));
    expect(clear(wanted, PX, SIGN)).toEqual([wanted[0], wanted[2], wanted[3]]); // the second begins within the first
  });
});

describe("labels of contacts", () => {
  it("stand to the right where nothing is in the way", () => {
    const [place] = placeLabels([{ x: 100, y: 100, text: "SKIFF" }], PX, SIGN);
    expect(place!.anchor).toBe("start");
    expect(place!.offset[0]).toBeGreaterThan(SIGN);
  });

  it("lie neither on one another nor on a sign, close together as they are", () => {
    const wanted = [[100, 100], [112, 104], [95, 112], [104, 92]].map(([x, y], i) => ({ x: x!, y: y!, text: `QIONG HAI KOU ${i}\n甚高频 7 min 前` }));
    const boxes = placeLabels(wanted, PX, SIGN).map((place, i) => box(wanted[i]!, place));
    expect(boxes).toHaveLength(4);
    for (let i = 0; i < 4; i++) for (let j = 0; j < i; j++) expect(meet(boxes[i]!, boxes[j]!), `${j} and ${i}`).toBe(false);
  });

  it("give way to names that are there already", () => {
    const one = { x: 100, y: 100, text: "SKIFF" };
    const cutter = { x: 120, y: 96, text: "HAIJING 46301" };
    const [place] = placeLabels([one], PX, SIGN, [cutter]);
    const [width] = sizeOf(cutter.text, PX);
    expect(meet(box(one, place!), [120, 88, 120 + width, 104])).toBe(false);
  });

  it("stand to the left at the right edge of the window, unless the sign itself is beyond it", () => {
    const edge = { x: 380, y: 100, text: "SKIFF" };
    expect(placeLabels([edge], PX, SIGN, [], [390, 844])[0]!.anchor).toBe("end");
    expect(placeLabels([{ ...edge, x: 400 }], PX, SIGN, [], [390, 844])[0]!.anchor).toBe("start");
  });

  it("take a Chinese character for as wide as it is high", () => {
    expect(sizeOf("渔船\n落水者", PX)[0]).toBe(3 * PX);
  });
});
