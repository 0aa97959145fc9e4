import type { Page } from "@playwright/test";
import { expect, grave, test } from "./desk.ts";

/** What of the page, or of the dialog over it, does not fit into the window sideways. */
const outside = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const top = document.querySelector("dialog[open]") ?? document.querySelector(".desk")!;
    return [...top.querySelectorAll("button, input, select, textarea, a, h2, h3, p, td, th, dd, li"), top]
      .filter((e) => {
        const { left, right, width, height } = e.getBoundingClientRect();
        return width > 0 && height > 1 && !e.closest(".unseen, thead, [hidden]") && (left < -1 || right > innerWidth + 1);
      })
      .map((e) => `${e.tagName}.${e.className}: ${(e.textContent ?? "").slice(0, 40)}`);
  });

/** In both languages, the second is left as it was found. */
async function fits(page: Page): Promise<void> {
  expect(await outside(page)).toEqual([]);
  const other = page.locator(".topbar .lang");
  await other.click();
  expect(await outside(page)).toEqual([]);
  await other.click();
}

async function narrow(page: Page): Promise<Page> {
  await page.setViewportSize({ width: 400, height: 850 });
  return page;
}

test("a case is found, read and left again on a phone's screen", async ({ as }) => {
  const page = await narrow(await as("investigator, customs", "#cases"));
  const speedboat = page.getByRole("link", { name: /night speedboat/ });
  await expect(speedboat).toBeVisible();
  await expect(page.getByRole("region", { name: "Case", exact: true })).toBeHidden(); // one thing at a time
  await fits(page);
  await page.getByRole("button", { name: "New case" }).click();
  expect(await outside(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await speedboat.click();
  await expect(speedboat).toBeHidden();
  const persons = page.getByRole("table", { name: "Persons, masked" });
  await expect(persons.getByRole("row")).toHaveCount(4); // cards are rows still, for whoever reads with the ears
  await expect(page.getByRole("button", { name: "Bundle for a court" })).toBeVisible();
  await fits(page);
  await page.getByRole("button", { name: "Ask for access" }).click();
  expect(await outside(page)).toEqual([]);
  await page.keyboard.press("Escape");
  expect(await grave(page)).toEqual([]);
  await page.getByRole("link", { name: "Back to the cases" }).click();
  await expect(speedboat).toBeVisible();
});

test("accounts are kept on a phone's screen", async ({ as }) => {
  const page = await narrow(await as("administrator of accounts", "#people"));
  const accounts = page.getByRole("table", { name: "Units and accounts" });
  await expect(accounts).toBeVisible();
  await fits(page);
  await page.getByRole("button", { name: "Invite somebody" }).click();
  expect(await outside(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByLabel("Find by login or name").fill("demo.signer1"); // the signers of the policies are people as all others
  await expect(accounts.getByRole("row")).toHaveCount(2);
  await accounts.getByRole("button").click();
  await expect(page.getByRole("complementary", { name: "Account", exact: true })).toContainText("policy signer");
  await expect(accounts).toBeHidden();
  await fits(page);
  expect(await grave(page)).toEqual([]);
  await page.goto(`${page.url().split("#")[0]}#people/keys`);
  await page.getByRole("button", { name: "Make a key" }).click();
  expect(await outside(page)).toEqual([]);
});

test("the bar of the watch lead is whole at every width, in both languages", async ({ as }) => {
  const page = await as("watch lead, police");
  const help = page.getByRole("button", { name: /^(Help and shortcuts|帮助与快捷键)$/ });
  await expect(page.locator(".topbar .link")).toBeVisible();
  for (const width of [2100, 1920, 1500, 1366, 1150, 1024, 800]) {
    await page.setViewportSize({ width, height: 768 });
    for (const _ of ["en", "zh"]) {
      // The longest of what the bar ever says of the link is put there, and notices that wait: it is not cut off to say so.
      const out = await page.locator(".topbar").evaluate((bar) => {
        const link = bar.querySelector(".link")!;
        const was = link.lastChild!.textContent;
        link.lastChild!.textContent = "Filling history";
        const told = bar.querySelector(".notices > button")!;
        const count = told.querySelector("b") ? null : told.appendChild(document.createElement("b"));
        if (count) count.textContent = "12";
        told.classList.add("waiting");
        const within = bar.getBoundingClientRect();
        const ends = [...bar.querySelectorAll("button, a, time, input")].map((e) => e.getBoundingClientRect()).filter((e) => e.width > 0);
        const links = bar.querySelector(".page-links")!;
        const over = Math.max(links.scrollWidth - links.clientWidth, links.scrollHeight - links.clientHeight);
        link.lastChild!.textContent = was;
        count?.remove();
        if (count) told.classList.remove("waiting");
        return Math.max(...ends.map((e) => Math.max(e.right - within.right, e.bottom - within.bottom)), over);
      });
      expect(out, `at ${width} px`).toBeLessThanOrEqual(1); // of rounding
      await expect(help).toBeInViewport({ ratio: 1 });
      await page.locator(".topbar .lang").click();
    }
  }
  await help.click();
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
});

test("off the map the clock is the coast's, wherever the browser stands", async ({ browser, staff }) => {
  const context = await browser.newContext({ locale: "en-US", timezoneId: "Europe/London" });
  const page = await context.newPage();
  await page.request.get(staff.door("administrator of accounts"));
  await page.goto(`${staff.url}/#people`);
  await expect(page.locator(".clocks [title]")).toHaveAttribute("title", "Asia/Shanghai");
  const hours = await page.locator(".clocks time").evaluateAll((all) => all.slice(0, 2).map((e) => Number((e.textContent ?? "").slice(0, 2))));
  expect((hours[1]! - hours[0]! + 24) % 24).toBe(8);
  await context.close();
});
