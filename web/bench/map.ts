/** 20,000 moving vessels at 1 Hz with all layers in headless Chromium. Prints one JSON object; what
 * must hold is judged by bench/map.py. `tsx bench/map.ts SECONDS [VESSELS]` */
import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium, type CDPSession } from "@playwright/test";
import { CHROMIUM, FLAGS } from "../e2e/browser.ts";
import { percentile, updatesOf } from "./trace.ts";

const seconds = Number(process.argv[2] ?? 60);
const vessels = Number(process.argv[3] ?? 20_000);
const WARM_S = 25; // until the tails are full and the first compile of everything is past
const MARK = "littoral-update";

async function trace(cdp: CDPSession, run: () => Promise<void>) {
  const events: never[] = [];
  cdp.on("Tracing.dataCollected", (chunk) => events.push(...(chunk.value as never[])));
  await cdp.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["toplevel", "disabled-by-default-devtools.timeline", "devtools.timeline", "blink.user_timing"] },
  });
  await run();
  const complete = new Promise((resolve) => cdp.once("Tracing.tracingComplete", resolve));
  await cdp.send("Tracing.end");
  await complete;
  return events;
}

if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is missing: install chromium or set CHROMIUM`);
// The stand-in server is a process of its own, as the real one is.
const server = fork(new URL("./fleetServer.ts", import.meta.url), [String(vessels)], { execArgv: process.execArgv });
const url = await new Promise<string>((resolve, reject) => {
  server.once("message", (m) => resolve(String(m)));
  server.once("exit", (code) => reject(new Error(`the stand-in server ended with ${code}`)));
});
const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS, headless: true });
try {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, locale: "en-US" });
  await page.addInitScript(() => localStorage.setItem("littoral.screen", JSON.stringify({ palette: "dusk", tailMinutes: 2, vectorMinutes: 6 })));
  await page.goto(url);
  await page.waitForFunction((n) => document.querySelector(".health")?.textContent?.includes(String(n)), vessels, { timeout: 60_000 });
  await page.waitForTimeout(WARM_S * 1000);
  const cdp = await page.context().newCDPSession(page);
  const events = await trace(cdp, () => page.waitForTimeout(seconds * 1000));
  const updates = updatesOf(events, MARK);
  if (process.env.DUMP) (await import("node:fs")).writeFileSync(process.env.DUMP, JSON.stringify(events));
  const frames = await page.evaluate(async () => {
    const gaps: number[] = [];
    let last = performance.now();
    const end = last + 8000;
    while (last < end) {
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
      gaps.push(now - last);
      last = now;
    }
    return gaps;
  });
  const of = (pick: (u: (typeof updates)[number]) => number, p: number): number => percentile(updates.map(pick), p);
  console.log(JSON.stringify({
    vessels, seconds, updates: updates.length, flags: FLAGS, browser: browser.version(),
    wall_p50_ms: of((u) => u.wallMs, 50), wall_p95_ms: of((u) => u.wallMs, 95),
    cpu_p50_ms: of((u) => u.cpuMs, 50), cpu_p95_ms: of((u) => u.cpuMs, 95),
    drawn: updates.filter((u) => u.drawn).length,
    drawn_wall_p95_ms: percentile(updates.filter((u) => u.drawn).map((u) => u.wallMs), 95),
    drawn_cpu_p95_ms: percentile(updates.filter((u) => u.drawn).map((u) => u.cpuMs), 95),
    longest_task_p95_ms: of((u) => u.longestMs, 95),
    frame_p50_ms: percentile(frames, 50), frame_p95_ms: percentile(frames, 95),
  }));
} finally {
  await browser.close();
  server.removeAllListeners("exit");
  server.kill();
}
