/** A form from its Excel file at the centre, over a phone that has no network, back to the centre. */
import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type BrowserContext, type Page } from "@playwright/test";
import { cutOff, grave } from "./desk.ts";
import { Staff } from "./sea/server.ts";

const GRID = "grid worker, Haikou";
const CLERK = "county clerk, Haikou";
const SECRET = "和平路 8 号";

const test = base.extend<{ open: (title: string, path: string, isPhone?: boolean) => Promise<[Page, BrowserContext]> }, { staff: Staff }>({
  staff: [
    async ({}, use) => {
      const staff = await Staff.open();
      await use(staff);
      await staff.close();
    },
    { scope: "worker", timeout: 360_000 },
  ],
  open: async ({ browser, staff }, use) => {
    const made: BrowserContext[] = [];
    const wrong: string[] = [];
    await use(async (title, path, isPhone = false) => {
      const context = await browser.newContext({
        locale: "en-US", timezoneId: "Asia/Shanghai", reducedMotion: "reduce", acceptDownloads: true,
        ...(isPhone
          ? { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, permissions: ["geolocation"], geolocation: { latitude: 20.0441, longitude: 110.1983, accuracy: 12 } }
          : { viewport: { width: 1366, height: 768 } }),
      });
      made.push(context);
      await context.request.get(staff.door(title));
      const page = await context.newPage();
      page.on("pageerror", (e) => wrong.push(e.message));
      context.on("console", (m) => {
        if (/Content Security Policy/.test(m.text())) wrong.push(m.text());
      });
      await page.goto(staff.url + path);
      return [page, context];
    });
    for (const context of made) await context.close();
    expect(wrong).toEqual([]);
  },
});

/** A JPEG by its first bytes. */
const PHOTO = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(60_000, 7)]);

test("a form is uploaded, filled in without a network, and handed in", async ({ open }) => {
  test.setTimeout(240_000);
  const [centre] = await open(CLERK, "/#forms/upload");
  const [saved] = await Promise.all([
    centre.waitForEvent("download"),
    centre.getByRole("button", { name: /Patrol/ }).click(),
  ]);
  await centre.getByLabel("File of the form (.xlsx)").setInputFiles({
    name: "patrol.xlsx", mimeType: "application/octet-stream",
    buffer: readFileSync(await saved.path()),
  });
  await centre.getByRole("button", { name: "Check", exact: true }).click();
  await expect(centre.getByRole("table", { name: "Questions" })).toContainText("Route");
  expect(await cutOff(centre)).toEqual([]);
  expect(await grave(centre)).toEqual([]);
  await centre.getByRole("button", { name: "Take it in as a draft" }).click();
  const list = centre.getByRole("table", { name: "Forms" });
  await list.getByRole("button", { name: "Publish" }).click();
  await centre.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
  // The household visit is in use in the demonstration from its first minutes.
  await expect(list.getByRole("row").filter({ hasText: "in use" })).toHaveCount(2);

  const [phone, context] = await open(GRID, "/phone/#matters", true);
  const tabs = phone.getByRole("navigation");
  await expect(tabs.getByRole("link", { name: "Forms" })).toBeVisible();
  await phone.evaluate(async () => {
    await navigator.serviceWorker.ready;
    while (!navigator.serviceWorker.controller) await new Promise((go) => navigator.serviceWorker.addEventListener("controllerchange", go, { once: true }));
  });
  await phone.getByRole("button", { name: "Sync now" }).click();
  // What shows forms lies beside the page once it was fetched.
  await expect.poll(() => phone.evaluate(async () => (await caches.match("/phone/fill.html")) !== undefined), { timeout: 60_000 }).toBe(true);
  await expect.poll(() => phone.evaluate(async () => {
    const page = await (await caches.match("/phone/fill.html"))!.text();
    const wanted = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((m) => m[1]!);
    return (await Promise.all(wanted.map((url) => caches.match(url)))).every((found) => found !== undefined);
  })).toBe(true);

  await context.setOffline(true);
  await tabs.getByRole("link", { name: "Forms" }).click();
  await phone.getByRole("link", { name: /入户走访 Household visit/ }).click();
  const form = phone.locator("#form");
  await expect(form.getByText("Somebody was at home")).toBeVisible({ timeout: 30_000 });
  await form.getByText("Typhoon: moving and shelter").click();
  await form.getByText("Yes", { exact: true }).first().click();
  await form.getByLabel("Address").fill(SECRET);
  await expect(phone.locator("#saved")).toHaveText("Kept");
  await phone.screenshot({ path: "test-results/forms-phone.png", fullPage: true });
  // Around the questions, which another project draws.
  const { violations } = await new AxeBuilder({ page: phone }).exclude("#form").analyze();
  expect(violations.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => v.id)).toEqual([]);

  // A second one, and back to the first: several lie begun.
  await phone.locator("#back").click();
  await expect(phone.getByRole("heading", { name: "Begun" })).toBeVisible();
  await phone.getByRole("link", { name: "入户走访 Household visit 2026.1" }).click();
  await expect(form.getByText("Somebody was at home")).toBeVisible({ timeout: 30_000 });
  await form.getByText("Residents asked").click();
  await expect(phone.locator("#saved")).toHaveText("Kept");
  await phone.locator("#back").click();
  await expect(phone.locator(".entry")).toHaveCount(2);
  await phone.close();

  const again = await context.newPage();
  await again.goto(new URL("/phone/#forms", centre.url()).href);
  await expect(again.locator(".entry")).toHaveCount(2);
  await again.locator(".entry a").last().click();
  const open2 = again.locator("#form");
  await expect(open2.getByLabel("Address")).toHaveValue(SECRET, { timeout: 30_000 });
  await open2.locator("input[type=file]").first().setInputFiles({ name: "door.jpg", mimeType: "image/jpeg", buffer: PHOTO });
  await open2.getByText("Another visit is needed").scrollIntoViewIfNeeded();
  await open2.getByText("No", { exact: true }).last().click();
  await open2.getByRole("button", { name: "Send" }).click();
  // What is required and was not answered is told, and nothing goes out.
  await expect(open2.getByText(/question with error/)).toBeVisible();
  await open2.locator("input[role=combobox]").first().click();
  await again.locator(".p-datepicker-today span").first().click();
  await open2.getByRole("button", { name: "Send" }).click();
  await expect(again.getByRole("region", { name: "Outgoing" })).toBeVisible();
  await expect(again.locator(".entry")).toHaveCount(2);
  await expect(again.locator(".entry").last()).toContainText("入户走访");
  await context.setOffline(false);
  await expect(again.locator(".entry").filter({ hasText: "Sent" })).toHaveCount(2, { timeout: 60_000 });

  await centre.goto(new URL("/#forms/answers", centre.url()).href);
  const handed = centre.getByRole("table", { name: "Handed in" });
  await expect(handed).toContainText("Typhoon: moving and shelter");
  await expect(handed).not.toContainText(SECRET);
  await expect(handed).toContainText("1 files");
  await centre.screenshot({ path: "test-results/forms-centre.png" });
  expect(await cutOff(centre)).toEqual([]);
  expect(await grave(centre)).toEqual([]);
  await handed.getByRole("row").filter({ hasText: "1 files" }).getByRole("button", { name: "Open the answers" }).click();
  const ask = centre.getByRole("dialog");
  await ask.getByLabel("Reason").fill("moving people before the typhoon");
  await ask.getByRole("button", { name: "Open the answers" }).click();
  await expect(centre.getByText(SECRET)).toBeVisible();
  await centre.getByRole("button", { name: "Hide" }).click();
  await expect(centre.getByText(SECRET)).toHaveCount(0);
});
