/** Any hour of the past in headless Chromium: when the first picture stands, and whether it plays at 120 times
 * without waiting. Prints one JSON object; bench/replay.py judges. `tsx bench/replay.ts URL SECONDS MS MS …` */
import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";
import { CHROMIUM, FLAGS } from "../e2e/browser.ts";
import { percentile } from "./trace.ts";

const [url, seconds, ...moments] = process.argv.slice(2) as [string, string, ...string[]];
const SPEED = "120";

if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is missing: install chromium or set CHROMIUM`);
const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS, headless: true });
try {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, locale: "en-US" });
  await page.goto(`${url}/#past`);
  await page.waitForSelector(".past-count");
  const marks = (): Promise<number> => page.evaluate(() => performance.getEntriesByName("littoral-past").length);
  await page.waitForFunction(() => performance.getEntriesByName("littoral-past").length > 0);
  const opened: number[] = [];
  for (const moment of moments) {
    await page.waitForTimeout(300);
    // From the address to the task that hands the picture to the card, by the page's clock.
    opened.push(await page.evaluate(async (at) => {
      performance.clearMarks("littoral-past");
      const start = performance.now();
      location.hash = `#past/t${at}`;
      while (performance.getEntriesByName("littoral-past").length === 0) {
        if (performance.now() - start > 30_000) throw new Error(`no picture of ${at} within 30 s`);
        await new Promise((r) => setTimeout(r, 5));
      }
      return performance.getEntriesByName("littoral-past")[0]!.startTime - start;
    }, moment));
  }
  await page.selectOption(".past-controls select", SPEED);
  await page.waitForTimeout(1500);
  await page.evaluate(() => performance.clearMarks("littoral-past"));
  const before = await page.evaluate(() => ({ at: performance.now(), past: Date.parse(document.querySelector<HTMLTimeElement>(".past-mark time")!.dateTime) }));
  const waited = await page.evaluate(async (s) => {
    let waits = 0;
    const end = performance.now() + s * 1000;
    while (performance.now() < end) {
      if ([...document.querySelectorAll(".past-wait")].length) waits += 50;
      await new Promise((r) => setTimeout(r, 50));
    }
    return waits;
  }, Number(seconds));
  const after = await page.evaluate(() => ({ at: performance.now(), past: Date.parse(document.querySelector<HTMLTimeElement>(".past-mark time")!.dateTime) }));
  const gaps = await page.evaluate(() => {
    const at = performance.getEntriesByName("littoral-past").map((e) => e.startTime);
    return at.slice(1).map((t, i) => t - at[i]!);
  });
  console.log(JSON.stringify({
    browser: browser.version(), flags: FLAGS, opened_ms: opened, waited_ms: waited, pictures: await marks(),
    speed: (after.past - before.past) / (after.at - before.at),
    gap_p50_ms: percentile(gaps, 50), gap_p95_ms: percentile(gaps, 95), gap_most_ms: Math.max(...gaps),
  }));
} finally {
  await browser.close();
}
