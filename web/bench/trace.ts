/** Reads a Chromium trace: what the page's main thread did between two updates of the fleet. */

interface TraceEvent {
  name: string;
  cat: string;
  ph: string;
  ts: number; // microseconds
  dur?: number;
  tdur?: number; // on the processor, without waiting for it
  pid: number;
  tid: number;
  args: Record<string, unknown>;
}

export interface Update {
  wallMs: number;
  cpuMs: number;
  longestMs: number;
  /** A frame was begun for it: with software WebGL several updates may wait for one frame. */
  drawn: boolean;
}

export function updatesOf(events: TraceEvent[], mark: string): Update[] {
  const marks = events.filter((e) => e.name === mark && e.cat.includes("blink.user_timing")).sort((a, b) => a.ts - b.ts);
  const main = marks[0];
  if (!main) throw new Error(`the trace has no ${mark}: did the page draw?`);
  const tasks = events
    .filter((e) => e.pid === main.pid && e.tid === main.tid && e.ph === "X" && e.name === "RunTask")
    .sort((a, b) => a.ts - b.ts);
  if (tasks.length === 0) throw new Error("the trace has no tasks of the page's main thread");
  const frames = events.filter((e) => e.pid === main.pid && e.tid === main.tid && e.name === "FireAnimationFrame").map((e) => e.ts);
  const out: Update[] = [];
  for (let i = 0; i + 1 < marks.length; i++) {
    // An update starts with the task that its mark lies in, and ends where the next one starts.
    const from = marks[i]!.ts;
    const to = marks[i + 1]!.ts;
    const mine = tasks.filter((t) => t.ts + (t.dur ?? 0) > from && t.ts + (t.dur ?? 0) <= to);
    const sum = (f: (t: TraceEvent) => number): number => mine.reduce((s, t) => s + f(t), 0) / 1000;
    out.push({
      wallMs: sum((t) => t.dur ?? 0), cpuMs: sum((t) => t.tdur ?? t.dur ?? 0),
      longestMs: Math.max(0, ...mine.map((t) => (t.dur ?? 0) / 1000)),
      drawn: frames.some((ts) => ts > from && ts <= to),
    });
  }
  return out;
}

export function percentile(values: number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)] ?? NaN;
}
