/** Parts of the picture that are fetched once. One that does not come is asked for until it does: an
 * officer must not go on all night without the fences because the server was busy for a second. */
export type Part = "areas" | "land" | "fences" | "outages" | "tiles";

const FIRST_MS = 2_000;
const LAST_MS = 60_000;

interface Hooks {
  /** The part is missing, or no longer. */
  told: (part: Part, isMissing: boolean) => void;
  isMissing: (part: Part) => boolean;
  /** An answer that will be the same next time, such as "you may not". */
  isFinal: (error: unknown) => boolean;
  sleep?: (ms: number) => Promise<void>;
}

const sleepFor = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Load `part`; on failure again after 2, 4, 8 ... 60 s. Throws what is final. */
export async function untilLoaded(part: Part, load: () => Promise<void>, hooks: Hooks): Promise<void> {
  const { told, isMissing, isFinal, sleep = sleepFor } = hooks;
  for (let wait = FIRST_MS; ; wait = Math.min(LAST_MS, 2 * wait)) {
    try {
      await load();
      told(part, false);
      return;
    } catch (error) {
      if (isFinal(error)) {
        told(part, false);
        throw error;
      }
      told(part, true);
    }
    await sleep(wait);
    if (!isMissing(part)) return; // asked for anew meanwhile, and it came
  }
}
