/** Beside the map: alerts, incidents, tasks and duty by one key each, live; and all of them on a wall. */
import { cutOff, expect, grave, test } from "./desk.ts";

test("the boards stand beside the map, by key and by tab, and lead to what they name", async ({ as }) => {
  test.setTimeout(240_000);
  const lead = await as("watch lead, police", "#map");
  const tabs = lead.getByRole("tablist", { name: "Boards beside the map" });
  await expect(tabs.getByRole("tab")).toHaveText([/^Alerts/, /^Incidents/, /^Tasks/, /^Duty/]);
  await expect(lead.getByRole("complementary", { name: "Alerts" })).toBeVisible();
  await lead.keyboard.press("2");
  const incidents = lead.getByRole("region", { name: "Incidents" });
  await expect(incidents).toContainText("smoke from a moored boat");
  expect(await grave(lead)).toEqual([]);
  // Live: what is reported elsewhere stands there by itself.
  const grid = await as("grid worker, Haikou", "#incidents");
  await grid.evaluate(async () => {
    const body = { id: crypto.randomUUID(), type: "storm", title: "Roof torn off by the pier", lon: 110.35, lat: 20.06 };
    await fetch("/api/v1/incidents", { method: "POST", headers: { "content-type": "application/json", "x-littoral-request": "1" }, body: JSON.stringify(body) });
  });
  await expect(incidents).toContainText("Roof torn off by the pier");
  await lead.keyboard.press("3");
  await expect(lead.getByRole("region", { name: "Tasks" }).getByRole("link").first()).toBeVisible();
  await tabs.getByRole("tab", { name: /^Tasks/ }).focus();
  await lead.keyboard.press("ArrowRight");
  await expect(lead.getByRole("region", { name: "Duty" })).toContainText("Next:");
  expect(await grave(lead)).toEqual([]);
  await lead.keyboard.press("2");
  await incidents.getByRole("link", { name: /Roof torn off/ }).click();
  await expect(lead.getByRole("heading", { name: "Roof torn off by the pier" })).toBeVisible();
});

test("on a wall all boards stand beside the map, without controls, and Escape leads back", async ({ as }) => {
  test.setTimeout(240_000);
  const lead = await as("watch lead, police", "#map");
  await lead.setViewportSize({ width: 1920, height: 1080 });
  await expect(lead.getByRole("tablist", { name: "Boards beside the map" })).toBeVisible();
  await lead.keyboard.press("w");
  for (const name of ["Alerts", "Incidents", "Tasks", "Duty"]) await expect(lead.getByRole("region", { name, exact: true })).toBeVisible();
  await expect(lead.locator(".frame").getByRole("button").filter({ visible: true })).toHaveCount(0);
  await expect(lead.locator(".frame input, .frame select")).toHaveCount(0);
  await expect(lead.locator(".link")).toHaveText("Live", { timeout: 120_000 });
  await expect(lead.getByRole("region", { name: "Duty", exact: true })).toBeInViewport({ ratio: 1 }); // the last of them is whole
  expect(await cutOff(lead)).toEqual([]);
  expect(await grave(lead)).toEqual([]);
  await lead.screenshot({ path: "test-results/wall.png" });
  await lead.keyboard.press("Escape");
  await expect(lead.getByRole("tablist", { name: "Boards beside the map" })).toBeVisible();
});
