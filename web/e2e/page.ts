import { test as base, expect, type Page } from "@playwright/test";
import { startFixture } from "./fixture/server.ts";

type Fixture = Awaited<ReturnType<typeof startFixture>>;

/** A stand-in server of 300 vessels and an open page for each test; a script error fails the test. */
export const test = base.extend<{ server: Fixture; command: Page }>({
  server: async ({}, use) => {
    const server = await startFixture({ vessels: 300 });
    await use(server);
    await server.stop();
  },
  command: async ({ page, server }, use) => {
    const errors: string[] = [];
    page.on("pageerror", (e) => errors.push(e.message));
    page.on("console", (m) => {
      if (/Content Security Policy/.test(m.text())) errors.push(m.text());
    });
    await page.goto(server.url);
    await expect(page.locator(".health")).toContainText("300 targets");
    await use(page);
    expect(errors).toEqual([]);
  },
});

export { expect };
