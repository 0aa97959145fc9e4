import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Browser, type Page } from "@playwright/test";
import { Staff } from "./sea/server.ts";

/** Opens a page as one of the demo's people, at an address of its own: "#cases". */
export type As = (title: string, hash?: string) => Promise<Page>;

/** One demo with sign-in for all tests of a file, a browser of its own for each person. A script error, a breach
 * of the content security policy or a request to elsewhere fails the test. */
export const test = base.extend<{ as: As }, { staff: Staff }>({
  staff: [
    async ({}, use) => {
      const staff = await Staff.open();
      await use(staff);
      await staff.close();
    },
    { scope: "worker", timeout: 360_000 },
  ],
  as: async ({ browser, staff, locale }, use) => {
    const wrong: string[] = [];
    const pages: Page[] = [];
    await use(async (title, hash = "") => {
      const page = await enter(browser, staff.url, wrong, locale ?? "en-US");
      pages.push(page);
      // The cookie; the page itself is opened where it is wanted.
      await expect.poll(async () => (await page.request.get(staff.door(title))).status()).toBe(200);
      await page.goto(`${staff.url}/${hash}`);
      return page;
    });
    for (const page of pages) await page.context().close();
    expect(wrong).toEqual([]);
  },
});

async function enter(browser: Browser, url: string, wrong: string[], locale: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale, timezoneId: "Asia/Shanghai", reducedMotion: "reduce" });
  const page = await context.newPage();
  page.on("pageerror", (e) => wrong.push(e.message));
  page.on("console", (m) => {
    if (/Content Security Policy/.test(m.text())) wrong.push(m.text());
  });
  page.on("request", (r) => {
    if (!/^(blob:|data:)/.test(r.url()) && new URL(r.url()).host !== new URL(url).host) wrong.push(`asked ${r.url()}`);
  });
  return page;
}

const PALETTES = ["dusk", "day", "night", "bright"];

/** Serious findings of axe, in all palettes. */
export async function grave(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const palette of PALETTES) {
    await page.evaluate((name) => (document.documentElement.dataset.obcTheme = name), palette);
    const axe = new AxeBuilder({ page });
    if (palette !== PALETTES[0]) axe.withRules(["color-contrast"]); // only colours differ
    const { violations } = await axe.analyze();
    for (const v of violations.filter((x) => x.impact === "serious" || x.impact === "critical")) {
      found.push(`${palette}, ${v.id}: ${v.nodes.map((n) => `${n.target.join(" ")} ${n.any[0]?.message ?? ""}`).slice(0, 3).join(" | ")}`);
    }
  }
  await page.evaluate(() => (document.documentElement.dataset.obcTheme = "dusk"));
  return found;
}

/** What runs out of the window or out of its own box. */
export async function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll(".desk .topbar *, .desk .tabs *, .desk .page button, .desk .page h2, .desk .page h3")]
      .filter((e) => {
        if (e.closest("svg, .unseen, .table, .who b, details:not([open])")) return false; // a long name is cut, and whole in its title
        const { right, width } = e.getBoundingClientRect();
        return width > 0 && (right > innerWidth + 1 || (e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0));
      })
      .map((e) => `${e.tagName}.${e.className}: ${e.textContent}`),
  );
}

export { expect };
