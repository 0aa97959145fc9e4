import { describe, expect, it } from "vitest";
import { untilLoaded, type Part } from "./again.ts";

/** What a loader that fails `failures` times leads to. */
async function tries(failures: number, final = false, cameMeanwhile = false) {
  const missing = new Set<Part>();
  const waits: number[] = [];
  const seen: boolean[] = [];
  let left = failures;
  const done = untilLoaded(
    "areas",
    async () => {
      if (left-- > 0) throw new Error("no");
    },
    {
      told: (part, is) => {
        seen.push(is);
        if (is) missing.add(part);
        else missing.delete(part);
      },
      isMissing: (part) => missing.has(part) && !cameMeanwhile,
      isFinal: () => final,
      sleep: async (ms) => void waits.push(ms),
    },
  );
  return { waits, seen, missing, error: await done.then(() => null, (e: Error) => e.message) };
}

describe("what is fetched once", () => {
  it("comes at the first attempt without a word", async () => {
    expect(await tries(0)).toEqual({ waits: [], seen: [false], missing: new Set(), error: null });
  });

  it("is asked for again, ever more slowly, and said to be missing until it comes", async () => {
    const { waits, seen, missing } = await tries(7);
    expect(waits).toEqual([2000, 4000, 8000, 16000, 32000, 60000, 60000]);
    expect(seen).toEqual([true, true, true, true, true, true, true, false]);
    expect(missing.size).toBe(0);
  });

  it("is not asked for again when the answer is final", async () => {
    expect(await tries(1, true)).toEqual({ waits: [], seen: [false], missing: new Set(), error: "no" });
  });

  it("ends when another attempt has brought it", async () => {
    expect((await tries(5, false, true)).waits).toEqual([2000]);
  });
});
