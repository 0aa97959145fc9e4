/** One page of the bench `clients` (bench/clients.py): opens the map with the board of incidents
 * beside it, says `ready`, and at a line on its input prints when each picture and each incident
 * was drawn. `tsx bench/clients.ts URL COOKIE` */
import { once } from "node:events";
import { chromium } from "@playwright/test";
import { CHROMIUM, FLAGS } from "../e2e/browser.ts";

type Drawn = { pictures: [eventMs: number, drawnMs: number][]; incidents: Record<string, number> };

const [url, cookie] = process.argv.slice(2) as [string, string];
const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS, headless: true });
try {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: "en-US", timezoneId: "Asia/Shanghai" });
  const [name, value] = cookie.split("=") as [string, string];
  await context.addCookies([{ name, value, url }]);
  const page = await context.newPage();
  page.on("pageerror", (e) => console.error(e.message));
  await page.addInitScript({ content: "globalThis.__name = (f) => f;" }); // the compiler marks functions by it
  await page.addInitScript(() => {
    const drawn: Drawn = { pictures: [], incidents: {} };
    (window as unknown as { drawn: Drawn }).drawn = drawn;
    /** After the next frame: what was set before it is on the screen. */
    const afterFrame = (then: (atMs: number) => void): void => {
      requestAnimationFrame(() => setTimeout(() => then(Date.now())));
    };
    const Plain = Worker;
    window.Worker = class extends Plain {
      constructor(at: string | URL, options?: WorkerOptions) {
        super(at, options);
        this.addEventListener("message", (event: MessageEvent) => {
          if (!Array.isArray(event.data)) return;
          for (const news of event.data as { is?: string; picture?: { eventMs: number } }[]) {
            const eventMs = news.is === "picture" ? news.picture?.eventMs : undefined;
            if (eventMs !== undefined) afterFrame((atMs) => drawn.pictures.push([eventMs, atMs]));
          }
        });
      }
    };
    new MutationObserver((changes) => {
      const found = new Set<string>();
      for (const change of changes) {
        for (const node of [...change.addedNodes, change.target]) {
          for (const [title] of (node.textContent ?? "").matchAll(/B-\d{6}/g)) {
            if (!(title in drawn.incidents)) found.add(title);
          }
        }
      }
      if (found.size) afterFrame((atMs) => found.forEach((title) => (drawn.incidents[title] ??= atMs)));
    }).observe(document, { childList: true, subtree: true, characterData: true });
  });
  await page.goto(`${url}/#map`);
  await page.getByRole("tablist", { name: "Boards beside the map" }).waitFor({ timeout: 120_000 });
  await page.keyboard.press("2");
  await page.getByRole("region", { name: "Incidents" }).waitFor({ timeout: 60_000 });
  await page.waitForFunction(() => (window as unknown as { drawn: Drawn }).drawn.pictures.length > 0, null, { timeout: 60_000 });
  console.log("ready");
  await once(process.stdin, "data");
  console.log(JSON.stringify(await page.evaluate(() => (window as unknown as { drawn: Drawn }).drawn)));
} finally {
  await browser.close();
}
process.exit(0);
