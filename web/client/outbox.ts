import type { News } from "./live.protocol.ts";

/** What comes with a picture comes right behind it. */
const PICTURE_MS = 10;
/** Health is told once a second, at another moment than the picture: it waits for the next one, even if
 * that is late. */
const HEALTH_MS = 1500;

const WAIT_MS: Partial<Record<News["is"], number>> = { picture: PICTURE_MS, tail: PICTURE_MS, health: HEALTH_MS };

/** Gathers what the page is to know, so that it takes in, lays out and paints an update once. */
export class Outbox {
  private news: News[] = [];
  private transfer: Transferable[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private dueMs = Infinity;

  constructor(private post: (news: News[], transfer: Transferable[]) => void) {}

  /** Goes out at once with all that waits, or waits itself if it is none that calls for somebody. */
  put(news: News, transfer: Transferable[]): void {
    this.news.push(news);
    this.transfer.push(...transfer);
    const wait = WAIT_MS[news.is] ?? 0;
    if (wait === 0) return this.flush();
    const dueMs = performance.now() + wait;
    if (dueMs >= this.dueMs) return;
    this.dueMs = dueMs;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), wait);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.dueMs = Infinity;
    const { news, transfer } = this;
    this.news = [];
    this.transfer = [];
    this.post(news, transfer);
  }
}
