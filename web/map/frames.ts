/** deck.gl asks for a frame sixty times a second to see whether there is something to draw. It gets one
 * when the chart knows that there is: an idle page costs nothing. */
export class Frames {
  private waiting: FrameRequestCallback | null = null;
  private owed = false;

  constructor(private soon: (callback: FrameRequestCallback) => void = (callback) => void requestAnimationFrame(callback)) {}

  requestAnimationFrame = (callback: FrameRequestCallback): number => {
    this.waiting = callback;
    if (this.owed) {
      this.owed = false;
      this.soon((time) => this.run(time));
    }
    return 1;
  };

  cancelAnimationFrame = (): void => {
    this.waiting = null;
  };

  /** To be called in an animation frame of the page. Before deck.gl has its card it waits for none; then
   * its first one comes at once. */
  run(time: number): void {
    const callback = this.waiting;
    this.waiting = null;
    this.owed = callback === null;
    callback?.(time);
  }
}
