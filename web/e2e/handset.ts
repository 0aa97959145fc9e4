/** Phones of the demo's people in a real browser, each in a profile of its own, and desks beside them. */
import { test as base, expect, type Browser, type BrowserContext, type Locator, type Page } from "@playwright/test";
import { Staff } from "./sea/server.ts";

export const VIEW = { width: 390, height: 844 };
export const GRID = "grid worker, Haikou";
export const CLERK = "county clerk, Haikou";
export const LEAD = "watch lead, police";

/** Whatever tells of a phone's faults: an error of the page, a breach of its policy. */
interface Handset {
  context: BrowserContext;
  open: (hash?: string) => Promise<Page>;
}

export const test = base.extend<{ handset: (title: string) => Promise<Handset>; desk: (title: string) => Promise<Page> }, { staff: Staff }>({
  staff: [
    async ({}, use) => {
      const staff = await Staff.open();
      await use(staff);
      await staff.close();
    },
    { scope: "worker", timeout: 360_000 },
  ],
  handset: async ({ browser, staff }, use) => {
    const wrong: string[] = [];
    const made: BrowserContext[] = [];
    await use(async (title) => {
      const context = await phoneContext(browser);
      made.push(context);
      await context.request.get(staff.door(title));
      return {
        context,
        open: async (hash = "matters") => {
          const page = await context.newPage();
          page.on("pageerror", (e) => wrong.push(e.message));
          page.on("console", (m) => {
            if (/Content Security Policy/.test(m.text())) wrong.push(m.text());
          });
          await page.goto(`${staff.url}/phone/#${hash}`);
          await expect(page.getByRole("navigation")).toBeVisible();
          return page;
        },
      };
    });
    for (const context of made) await context.close();
    expect(wrong).toEqual([]);
  },
  desk: async ({ browser, staff }, use) => {
    const made: BrowserContext[] = [];
    await use(async (title) => {
      const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: "en-US" });
      made.push(context);
      await context.request.get(staff.door(title));
      const page = await context.newPage();
      await page.goto(`${staff.url}/#incidents`);
      return page;
    });
    for (const context of made) await context.close();
  },
});

const phoneContext = (browser: Browser): Promise<BrowserContext> =>
  browser.newContext({
    viewport: VIEW, locale: "en-US", timezoneId: "Asia/Shanghai", hasTouch: true, isMobile: true, reducedMotion: "reduce",
    permissions: ["geolocation"], geolocation: { latitude: 20.0441, longitude: 110.1983, accuracy: 12 }, acceptDownloads: true,
  });

/** Opened once with a network: from then on it needs none. */
export async function ready(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    while (!navigator.serviceWorker.controller) await new Promise((go) => navigator.serviceWorker.addEventListener("controllerchange", go, { once: true }));
  });
  await expect(page.getByRole("region", { name: "Matters" })).toContainText("Last synced");
}

/** By the bar at the foot. */
export const tab = (page: Page, name: string): Promise<void> => page.getByRole("navigation").getByRole("link", { name }).click();
export const entries = (page: Page): Locator => page.locator(".entry");

/** To the API, as the page's user. */
export async function post(page: Page, path: string, body: object): Promise<void> {
  const answer = await page.request.post(new URL(`/api/v1${path}`, page.url()).href, { data: body, headers: { "x-littoral-request": "1" } });
  expect(answer.status(), await answer.text()).toBeLessThan(300);
}

export { expect };
