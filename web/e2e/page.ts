import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { Sea } from "./sea/server.ts";

export const STAGE = { left: 45, top: 48, right: 1030, bottom: 738 }; // at 1366 x 768, in pixels

/** The 32 of the small sea, and whatever other tests put there. */
const ALL_SHIPS = /(3[2-9]|[4-9]\d) targets/;

/** A page opened at the server, once the ships are on it. A script error, a breach of the content
 * security policy or a request to elsewhere fails the test. */
async function open(page: Page, url: string, use: (page: Page) => Promise<void>): Promise<void> {
  const wrong: string[] = [];
  page.on("pageerror", (e) => wrong.push(e.message));
  page.on("console", (m) => {
    if (/Content Security Policy/.test(m.text())) wrong.push(m.text());
  });
  page.on("request", (r) => {
    if (!/^(blob:|data:)/.test(r.url()) && new URL(r.url()).host !== new URL(url).host) wrong.push(`asked ${r.url()}`);
  });
  await page.goto(url);
  await use(page);
  expect(wrong).toEqual([]);
}

/** One server with the small sea for all tests of a run, one page for each. */
export const test = base.extend<{ command: Page }, { sea: Sea }>({
  sea: [
    async ({}, use) => {
      const sea = await Sea.open();
      await use(sea);
      await sea.close();
    },
    { scope: "worker", timeout: 360_000 },
  ],
  command: async ({ page, sea }, use) =>
    open(page, sea.url, async (command) => {
      await expect(command.locator(".health")).toContainText(ALL_SHIPS);
      await use(command);
    }),
});

/** An empty server of its own. */
export const emptyTest = base.extend<{ empty: Page }>({
  empty: async ({ page }, use) => {
    const sea = await Sea.open(false);
    await open(page, sea.url, use);
    await sea.close();
  },
});

export const panel = (page: Page, name: string): Locator => page.getByRole("region", { name, exact: true });

/** Opens a vessel as one who knows her name does. */
export async function openVessel(page: Page, name: string): Promise<Locator> {
  await page.keyboard.press("/");
  await page.keyboard.type(name);
  await expect(page.getByRole("option").first()).toContainText(name); // not what the half of it found
  await page.keyboard.press("Enter");
  const vessel = panel(page, "Vessel");
  await expect(vessel.getByRole("heading", { level: 2 })).toHaveText(name);
  return vessel;
}

export async function goTo(page: Page, position: string): Promise<void> {
  await page.keyboard.press("g");
  await page.getByRole("textbox", { name: "Position", exact: true }).fill(position);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
}

/** Once what was asked of the chart is drawn: two frames, as the first may have begun before it was asked. */
export const drawn = (page: Page): Promise<unknown> =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** How many pixels of a square on the screen have a colour, give or take a little. */
export async function pixels(page: Page, x: number, y: number, half: number, color: readonly number[], near = 40): Promise<number> {
  const shot = await page.screenshot({ clip: { x: x - half, y: y - half, width: 2 * half, height: 2 * half } });
  return page.evaluate(
    async ({ png, color, near }) => {
      const bytes = Uint8Array.from(atob(png), (c) => c.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      let n = 0;
      for (let i = 0; i < data.length; i += 4) {
        if ([0, 1, 2].every((k) => Math.abs(data[i + k]! - color[k]!) <= near)) n++;
      }
      return n;
    },
    { png: shot.toString("base64"), color, near },
  );
}

export { expect };
