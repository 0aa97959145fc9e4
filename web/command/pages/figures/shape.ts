/** Numbers for the charts: pure. */
import type { Series } from "../../../client/past.ts";

export interface Bar {
  of: string;
  hour: number;
  from: number;
  to: number;
}

/** One on the other, in the order of the series; shapes of every hour together are `top` high at most. */
export function stacked(series: readonly Series[], hours: number): { bars: Bar[]; top: number } {
  const bars: Bar[] = [];
  let top = 0;
  for (let hour = 0; hour < hours; hour++) {
    let from = 0;
    for (const s of series) {
      const count = s.counts[hour] ?? 0;
      if (count) bars.push({ of: s.of, hour, from, to: from + count });
      from += count;
    }
    top = Math.max(top, from);
  }
  return { bars, top };
}

/** The next of 1, 2, 5, 10, 20, 50 … that is not below it: the end of an axis. */
export function axisTop(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((m) => m * power).find((v) => v >= value)!;
}

/** Sums of as many hours as make at most `most` columns: a bar narrower than a hair says nothing. */
export function gathered(series: readonly Series[], hours: number, most: number): { series: Series[]; step: number } {
  const step = Math.max(1, Math.ceil(hours / most));
  if (step === 1) return { series: [...series], step };
  const columns = Math.ceil(hours / step);
  const sum = (counts: number[]): number[] =>
    Array.from({ length: columns }, (_, c) => counts.slice(c * step, (c + 1) * step).reduce((a, b) => a + b, 0));
  return { series: series.map((s) => ({ of: s.of, counts: sum(s.counts) })), step };
}

export const total = (s: Series): number => s.counts.reduce((a, b) => a + b, 0);
