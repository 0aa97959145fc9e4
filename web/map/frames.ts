/** deck.gl asks for a frame sixty times a second to see whether there is something to draw. It gets one
 * when the chart knows that there is: an idle page costs nothing. */
export class Frames {
  private waiting: FrameRequestCallback | null = null;

  requestAnimationFrame = (callback: FrameRequestCallback): number => {
    this.waiting = callback;
    return 1;
  };

  cancelAnimationFrame = (): void => {
    this.waiting = null;
  };

  /** To be called in an animation frame of the page. */
  run(time: number): void {
    const callback = this.waiting;
    this.waiting = null;
    callback?.(time);
  }
}
