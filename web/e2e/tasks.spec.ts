import { writeFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { cutOff, expect, grave, test } from "./desk.ts";

/** Where the bench `clicks` reads how many clicks it took, and how long. */
const CLICKS = process.env.LITTORAL_CLICKS;

/** Counts what a hand does on a page: presses of a pointer's button and of a key. */
async function counted(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const w = window as unknown as { hand: number };
    w.hand = 0;
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => (w.hand += 1), true);
  });
  return () => page.evaluate(() => (window as unknown as { hand: number }).hand);
}

// The map is drawn in software here, and the pages are looked at in four palettes.
test.describe.configure({ timeout: 240_000 });

test("from an alert to a task in the hands of a boat: three clicks", async ({ as }) => {
  test.slow(); // a watch that has just begun has one alert, the next comes by itself
  const lead = await as("watch lead, police");
  const row = lead.locator(".alert-row").nth(1); // of the first another test makes an incident
  await expect(row).toBeVisible({ timeout: 150_000 });
  const clicks = await counted(lead);
  const begun = Date.now();
  await row.click();
  await lead.getByRole("button", { name: "Make it an incident" }).click();
  const one = lead.getByRole("region", { name: "Incident", exact: true });
  await expect(one.getByRole("heading", { name: "Who can be there first" })).toBeVisible();
  const first = one.getByRole("list", { name: "Who can be there first" }).getByRole("listitem");
  await expect(first.first()).toBeVisible();
  await first.filter({ has: lead.locator("button:enabled") }).first().getByRole("button", { name: /^Send / }).click();
  const sent = one.locator(".sent .task-card");
  await expect(sent).toHaveCount(1);
  await expect(sent).toContainText("Offered");
  const seconds = (Date.now() - begun) / 1000;
  const used = await clicks();
  expect(used).toBe(3);
  if (CLICKS) writeFileSync(CLICKS, JSON.stringify({ clicks: used, seconds }));
  // The incident was accepted and dispatched with it.
  await expect(one.locator("header .tags")).toContainText("Dispatched");
  expect(await cutOff(lead)).toEqual([]);
  expect(await grave(lead)).toEqual([]);
  await lead.screenshot({ path: "test-results/first-there.png" });
});

test("a grid worker's task on a phone, from the offer to what was found, seen by the watch by itself", async ({ as }) => {
  const lead = await as("second watch lead, police", "#incidents");
  await lead.getByRole("region", { name: "List of incidents" }).getByRole("link", { name: /smoke from a moored boat/ }).click();
  const one = lead.getByRole("region", { name: "Incident", exact: true });
  // By keyboard alone.
  const send = one.getByRole("button", { name: "Send 海口湾网格员（演示）" });
  await send.focus();
  await lead.keyboard.press("Enter");
  await expect(one.locator(".sent .task-card")).toHaveCount(1);

  const grid = await as("grid worker, Haikou", "#tasks");
  await grid.setViewportSize({ width: 390, height: 780 });
  await grid.getByRole("region", { name: "Offered" }).getByRole("link").click();
  const task = grid.getByRole("region", { name: "Task", exact: true });
  await expect(task.getByRole("heading", { name: /smoke from a moored boat/ })).toBeVisible();
  await expect(grid.locator(".board")).toBeHidden();
  expect(await grid.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  expect(await grave(grid)).toEqual([]);
  await grid.screenshot({ path: "test-results/task-phone.png" });
  for (const step of ["Accept", "Set out", "On scene"]) await task.getByRole("button", { name: step, exact: true }).click();
  await task.getByLabel("Message").fill("No flames, smoke from the engine room");
  await task.getByRole("button", { name: "Send message" }).click();
  await expect(task.locator(".log")).toContainText("No flames");
  await expect(one.locator("header .tags")).toContainText("Being handled");

  // The watch calls the roll; the worker is asked and answers.
  await one.locator(".sent .task-card").click();
  const watched = lead.getByRole("region", { name: "Task", exact: true });
  await expect(watched.locator(".log")).toContainText("No flames");
  await watched.getByRole("button", { name: "Call the roll" }).click();
  await lead.getByRole("dialog").getByRole("button", { name: "Call the roll" }).click();
  await task.getByRole("button", { name: "We need help" }).click();
  await expect(watched.locator("header").getByRole("alert")).toContainText("Calls for help");
  await lead.screenshot({ path: "test-results/tasks-board.png" });
  expect(await cutOff(lead)).toEqual([]);
  expect(await grave(lead)).toEqual([]);
  await task.getByRole("button", { name: "All well" }).click();
  await expect(watched.locator("header").getByRole("alert")).toHaveCount(0);

  await task.getByRole("button", { name: "Done", exact: true }).click();
  const dialog = grid.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "Done" })).toBeDisabled();
  await dialog.getByLabel("What was found").fill("Overheated pump, put out");
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(task.locator("header .tags")).toContainText("Done");
  await expect(lead.getByRole("region", { name: "Over" })).toContainText("smoke from a moored boat");
  await watched.getByRole("link", { name: /smoke from a moored boat/ }).click();
  await expect(one.locator("header .tags")).toContainText("Fed back");
});

test("responders are on the map", async ({ as }) => {
  const lead = await as("watch lead, police");
  const answer = await lead.waitForResponse((r) => r.url().endsWith("/api/v1/responders"));
  const { items } = (await answer.json()) as { items: { name: string; status: string; position: unknown }[] };
  const cutter = items.find((r) => r.name.startsWith("海警 46301"))!;
  expect(cutter.status).toBe("on_task");
  expect(cutter.position).toMatchObject({ lon: 110.36, lat: 20.12, cog_deg: 215, source: "device" });
});

test("who keeps responders adds one, mends it at the field that is wrong, retires it and puts it back", async ({ as }) => {
  const lead = await as("watch lead, police", "#tasks");
  await lead.getByRole("link", { name: "Responders" }).press("Enter");
  const part = lead.getByRole("region", { name: "Responders" });
  await part.getByRole("button", { name: "Add a responder" }).press("Enter");
  const form = lead.getByRole("dialog");
  await form.getByLabel("Speed (kn)").fill("fast");
  await form.getByLabel("Latitude of its base").fill("20.05");
  await form.getByRole("button", { name: "Add a responder" }).press("Enter");
  await expect(form.getByRole("alert")).toHaveText(["This is needed.", "A number above zero.", "Latitude and longitude go together."]);
  await form.getByLabel("Name", { exact: true }).fill("Skiff 3");
  await form.getByLabel("Speed (kn)").fill("28");
  await form.getByLabel("Longitude of its base").fill("110.3");
  await form.getByLabel("Code of its office").fill("000000");
  await form.getByLabel("shallow water").press("Space");
  await form.getByRole("button", { name: "Add a responder" }).press("Enter");
  await expect(form.locator(".field.invalid")).toContainText("Code of its office"); // what the server says, at its field
  await form.getByLabel("Code of its office").fill("460000");
  await form.getByRole("button", { name: "Add a responder" }).press("Enter");
  await expect(form).toBeHidden();
  const row = part.getByRole("row").filter({ hasText: "Skiff 3" });
  await expect(row).toContainText("28");
  expect(await cutOff(lead)).toEqual([]);
  expect(await grave(lead)).toEqual([]);
  await lead.screenshot({ path: "test-results/responders.png" });
  await row.getByRole("button", { name: "Edit Skiff 3" }).press("Enter");
  await form.getByLabel("Endurance (min)").fill("90");
  await form.getByRole("button", { name: "Save" }).press("Enter");
  await expect(row).toContainText("90");
  await row.getByRole("button", { name: "Retire Skiff 3" }).press("Enter");
  await form.getByLabel("Why it is retired").fill("Engine sold");
  await form.getByRole("button", { name: "Retire" }).press("Enter");
  await expect(row).toHaveCount(0);
  await part.getByLabel("In service or not").selectOption("out of service");
  await expect(row).toContainText("Engine sold");
  await row.getByRole("button", { name: "Put Skiff 3 back" }).press("Enter");
  await expect(row).toHaveCount(0);
});
