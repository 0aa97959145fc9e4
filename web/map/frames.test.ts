import { describe, expect, it } from "vitest";
import { Frames } from "./frames.ts";

describe("frames of the canvas over the fleet", () => {
  it("come when the chart gives them, one for each that was asked for", () => {
    const frames = new Frames(() => expect.unreachable("nobody is owed a frame"));
    const came: number[] = [];
    frames.requestAnimationFrame((time) => {
      came.push(time);
      frames.requestAnimationFrame((again) => came.push(again));
    });
    expect(came).toEqual([]);
    frames.run(2);
    expect(came).toEqual([2]);
    frames.run(3);
    expect(came).toEqual([2, 3]);
    frames.requestAnimationFrame((time) => came.push(time));
    frames.cancelAnimationFrame();
    expect(came).toEqual([2, 3]);
  });

  it("are made up for when the chart gave one before anybody waited", () => {
    const soon: FrameRequestCallback[] = [];
    const frames = new Frames((callback) => void soon.push(callback));
    const came: number[] = [];
    frames.run(1);
    frames.run(2);
    frames.requestAnimationFrame((time) => came.push(time));
    expect(soon).toHaveLength(1);
    soon[0]!(3);
    expect(came).toEqual([3]);
    frames.requestAnimationFrame((time) => came.push(time));
    expect(soon).toHaveLength(1);
  });
});
