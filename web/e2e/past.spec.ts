/** The past on three pages: replayed, asked, counted; and that nobody takes it for the present. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./page.ts";
import { RUNNER, START_MS, whereIs } from "./sea/coast.ts";
import type { Sea } from "./sea/server.ts";

/** Until the lake has the history: it is written with the checkpoints. */
async function kept(sea: Sea): Promise<void> {
  await expect.poll(async () => {
    const answer = await fetch(`${sea.url}/api/v1/replay/kept`);
    return ((await answer.json()) as { last: string | null }).last;
  }).not.toBeNull();
}

const shownMs = async (page: Page): Promise<number> => Date.parse((await page.locator(".past-mark time").getAttribute("datetime"))!);

test("a past hour is replayed, marked as the past, and one key leads back to live", async ({ command, sea }) => {
  await kept(sea);
  await command.keyboard.press("r");
  await expect(command.locator(".past-mark")).toContainText("REPLAY: the past, not live");
  await expect(command.locator("html")).toHaveAttribute("data-past", "");
  const start = START_MS - 10 * 60_000;
  await command.evaluate((ms) => void (location.hash = `#past/t${ms}`), start);
  await expect.poll(() => shownMs(command)).toBe(start);
  await expect(command.locator(".past-count")).toContainText(/vessels?: [1-9]/);
  await command.locator(".past-controls select").selectOption("120");
  await expect.poll(() => shownMs(command)).toBeGreaterThan(start + 60_000);
  await command.getByRole("button", { name: "Pause" }).click();
  const paused = await shownMs(command);
  await command.locator(".past-mark b").click(); // leaves the button: its own Space is another
  await command.keyboard.press("ArrowLeft");
  await expect.poll(() => shownMs(command)).toBe(paused - 60_000);
  const axe = await new AxeBuilder({ page: command }).include(".past-page").analyze();
  expect(axe.violations.map((v) => v.id)).toEqual([]);
  await command.keyboard.press("Escape");
  await expect(command.locator(".health")).toBeVisible();
  await expect(command.locator("html")).not.toHaveAttribute("data-past", "");
});

test("who was in an area is asked on a form and answered with what was read for it", async ({ command, sea }) => {
  await kept(sea);
  await command.evaluate(() => void (location.hash = "#ask"));
  const { lon, lat } = whereIs(RUNNER, START_MS - 10 * 60_000);
  const corner = (x: number, y: number): string => `${(lon + x).toFixed(4)},${(lat + y).toFixed(4)}`;
  await command.getByLabel("Corners: lon,lat …").fill([corner(-0.05, -0.05), corner(0.05, -0.05), corner(0.05, 0.05), corner(-0.05, 0.05)].join(" "));
  await command.getByLabel("Corners: lon,lat …").blur();
  await command.getByRole("button", { name: "Ask", exact: true }).click();
  const found = command.getByRole("table", { name: "In an area" });
  await expect(found.getByRole("button", { name: RUNNER.name })).toBeVisible();
  await expect(command.locator(".plan summary")).toContainText(/Read [1-9]\d* of [1-9]\d* files/);
  await found.getByRole("button", { name: RUNNER.name }).click();
  await expect(command.getByRole("table", { name: "Voyages" }).getByText("Leg").first()).toBeVisible();
  const axe = await new AxeBuilder({ page: command }).include(".ask").exclude(".maplibregl-map").analyze();
  expect(axe.violations.map((v) => v.id)).toEqual([]);
});

test("statistics are charts with their numbers beside", async ({ command, sea }) => {
  await kept(sea);
  await command.evaluate(() => void (location.hash = "#figures"));
  const chart = command.getByRole("img", { name: /Vessels heard, by type|By the hour/ }).first();
  await expect(chart).toBeVisible();
  await command.getByText("Numbers").first().click();
  await expect(command.getByRole("table", { name: "Vessels heard, by type" }).getByRole("rowheader", { name: "Cargo" })).toBeVisible();
  const axe = await new AxeBuilder({ page: command }).include(".sheet").analyze();
  expect(axe.violations.map((v) => v.id)).toEqual([]);
});
