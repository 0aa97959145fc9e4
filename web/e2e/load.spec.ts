import type { Page } from "@playwright/test";
import { cutOff, expect, grave, test } from "./desk.ts";

test.describe.configure({ mode: "serial", timeout: 180_000 });

/** The alert that stands first in the list, opened. */
async function openFirst(page: Page): Promise<void> {
  const first = page.locator(".alert-row").first();
  await expect(first).toBeVisible({ timeout: 120_000 }); // the demo has just begun, or not yet told of such a one
  await first.click();
  const panel = page.getByRole("region", { name: "Alert", exact: true });
  await expect(panel.locator(".sentence").first()).not.toBeEmpty();
}

/** One that may be set aside: distress may not. */
async function openRule(page: Page, rule: string): Promise<void> {
  await page.getByRole("combobox", { name: "Rule" }).selectOption({ label: rule });
  await page.getByRole("combobox", { name: "Handling" }).selectOption({ label: "To answer" });
  await openFirst(page);
}

test("the load stands above the list, and one alert is set aside and brought back", async ({ as }) => {
  const page = await as("watch lead, police");
  await expect(page.getByRole("region", { name: "Alarm load" })).toContainText("in 10 min");
  await page.getByRole("region", { name: "Alarm load" }).locator("summary").click();
  await expect(page.getByRole("img", { name: /Alerts annunciated in each ten minutes/ })).toBeVisible();
  await page.getByRole("button", { name: "All", exact: true }).click();
  await openRule(page, "Identity");
  const panel = page.getByRole("region", { name: "Alert", exact: true });
  await panel.getByRole("button", { name: "Set aside", exact: true }).click();
  await panel.getByRole("combobox", { name: "For how long" }).selectOption("4 h");
  await panel.getByLabel("Reason").fill("known to the harbour");
  await panel.locator("form").getByRole("button", { name: "Set aside" }).click();
  await expect(panel.getByText(/Set aside until .* it comes back by itself/)).toBeVisible();
  await page.getByRole("button", { name: "Aside", exact: true }).click();
  const shelf = page.locator(".aside").getByRole("listitem").filter({ hasText: "known to the harbour" });
  await expect(shelf).toBeVisible();
  expect(await cutOff(page)).toEqual([]);
  expect(await grave(page)).toEqual([]);
  await shelf.getByRole("button", { name: "Bring back now" }).click();
  await expect(shelf).toHaveCount(0);
  await expect(panel.getByText(/Set aside until/)).toHaveCount(0);
});

test("a class of alerts is set aside only when a second person agrees", async ({ as }) => {
  const lead = await as("watch lead, police");
  await lead.getByRole("button", { name: "All", exact: true }).click();
  await openRule(lead, "Identity");
  const panel = lead.getByRole("region", { name: "Alert", exact: true });
  await panel.getByRole("button", { name: "Set aside", exact: true }).click();
  await panel.getByRole("combobox", { name: "What to set aside" }).selectOption("All alerts of this kind");
  await expect(panel.getByText("To set aside a class makes the watch blinder")).toBeVisible();
  await panel.getByLabel("Reason").fill("the tower is painted");
  await panel.locator("form").getByRole("button", { name: "Set aside" }).click();
  await expect(lead.getByText("Handed in; it waits for a second person")).toBeVisible();
  const second = await as("second watch lead, police", "#changes");
  const card = second.getByRole("article").filter({ hasText: "the tower is painted" });
  await expect(card).toContainText("A class of alerts set aside");
  await expect(card).toContainText("a class of alerts is set aside, not annunciated");
  await card.getByRole("button", { name: "Agree" }).click();
  await expect(card).toHaveCount(0);
  await lead.getByRole("button", { name: "Aside", exact: true }).click();
  await lead.reload();
  await lead.getByRole("button", { name: "Aside", exact: true }).click();
  const shelf = lead.locator(".aside").getByRole("listitem").filter({ hasText: "the tower is painted" });
  await expect(shelf).toContainText(/holds \d+/);
  await shelf.getByRole("button", { name: "Bring back now" }).click();
  await expect(shelf).toHaveCount(0);
});

test("a vessel is put on the watch-list from her panel, and taken off by two", async ({ as }) => {
  const lead = await as("watch lead, police");
  await expect(lead.locator(".health")).toContainText("targets");
  await lead.keyboard.press("/");
  await lead.keyboard.type("QIONG");
  await expect(lead.getByRole("option").first()).toContainText("QIONG");
  await lead.keyboard.press("Enter");
  const vessel = lead.getByRole("region", { name: "Vessel", exact: true });
  await expect(vessel.getByRole("heading", { level: 2 })).toContainText("QIONG");
  const name = await vessel.getByRole("heading", { level: 2 }).innerText();
  await vessel.getByRole("button", { name: "Put her on the watch-list" }).click();
  await vessel.getByLabel("Reason").fill("dragged over the cable");
  await vessel.getByRole("button", { name: "Look out for her" }).click();
  await expect(vessel.getByText("dragged over the cable")).toBeVisible();
  await lead.keyboard.press("/");
  await lead.keyboard.type(name);
  await expect(lead.getByRole("option").filter({ hasText: "listed" }).first()).toBeVisible();
  await lead.keyboard.press("Escape"); // closes her panel too
  // She is heard: the watch is told, in a row of its own or in that of her other alerts.
  const told = async () => (await (await lead.request.get(`${new URL(lead.url()).origin}/api/v1/alerts?rule=watch_list`)).json()).items.length;
  await expect.poll(told, { timeout: 60_000 }).toBeGreaterThan(0);
  const tool = lead.getByRole("navigation", { name: "Tools" }).getByRole("button", { name: /^Watch-list/ });
  await tool.click();
  const list = lead.getByRole("region", { name: "Watch-list", exact: true });
  const entry = list.getByRole("listitem").filter({ hasText: "dragged over the cable" });
  await expect(entry).toContainText(`${name} is in the picture`);
  await entry.getByRole("button", { name: "Take off" }).click();
  const dialog = lead.getByRole("dialog");
  await dialog.getByRole("textbox").fill("she was scrapped");
  await dialog.getByRole("button").last().click();
  await expect(entry).toContainText("To take her off waits for a second person.");
  const second = await as("second watch lead, police", "#changes");
  const card = second.getByRole("article").filter({ hasText: "she was scrapped" });
  await expect(card).toContainText("the vessel is taken off the watch-list early");
  await card.getByRole("button", { name: "Agree" }).click();
  await expect(card).toHaveCount(0);
  await tool.click(); // shut and opened, it asks anew
  await tool.click();
  await expect(list.getByRole("listitem").first()).toBeVisible(); // those of the demonstration
  await expect(entry).toHaveCount(0);
});
