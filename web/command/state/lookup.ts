/** What a person types is looked up a moment after the last key. Enter takes a hit of the whole text: while the answer to
 * that is not there yet, Enter waits for it and never takes what the half-typed word had found. */
export class Lookup<Hit> {
  #text = "";
  /** The text that the hits shown belong to. */
  #answered: string | null = null;
  #hits: readonly Hit[] = [];
  #isWanted = false;
  #isAsking = false;
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly waitMs: number,
    private readonly by: {
      ask: (text: string) => Promise<readonly Hit[]>;
      /** Worth asking; for another text nothing is found. */
      isEnough: (text: string) => boolean;
      /** Null: nothing is looked up. */
      shown: (hits: readonly Hit[] | null) => void;
      /** By Enter; null: for the whole text nothing is found. */
      taken: (hit: Hit | null) => void;
      failed: (error: unknown) => void;
    },
  ) {}

  type(text: string): void {
    this.stop();
    this.#text = text.trim();
    if (!this.by.isEnough(this.#text)) {
      this.#answered = null;
      return this.by.shown(null);
    }
    if (this.#answered !== this.#text) this.#timer = setTimeout(() => this.#ask(), this.waitMs);
  }

  /** `at`: the hit that is marked. */
  enter(at: number): void {
    if (this.#answered === this.#text) return this.by.taken(this.#hits[at] ?? null);
    if (!this.by.isEnough(this.#text)) return this.by.taken(null);
    this.#isWanted = true;
    if (!this.#isAsking) this.#ask();
  }

  /** Nothing that was asked is answered any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#turn++;
    this.#isWanted = this.#isAsking = false;
  }

  #ask(): void {
    clearTimeout(this.#timer);
    const turn = ++this.#turn;
    const text = this.#text;
    this.#isAsking = true;
    this.by.ask(text).then(
      (hits) => {
        if (turn !== this.#turn) return; // an older question's answer came late
        const isWanted = this.#isWanted;
        this.#isWanted = this.#isAsking = false;
        this.#answered = text;
        this.#hits = hits;
        this.by.shown(hits);
        if (isWanted) this.by.taken(hits[0] ?? null);
      },
      (error: unknown) => {
        if (turn !== this.#turn) return;
        const isWanted = this.#isWanted;
        this.#isWanted = this.#isAsking = false;
        this.by.failed(error);
        if (isWanted) this.by.taken(null);
      },
    );
  }
}
