import { expect, test } from "./page.ts";

test("search finds a Chinese name and opens the vessel with her track", async ({ command }) => {
  await command.keyboard.press("/");
  await command.keyboard.type("琼临渔");
  const hits = command.getByRole("option", { name: /QIONG LIN YU/ });
  await expect(hits.first()).toBeVisible();
  await command.keyboard.press("ArrowDown");
  await command.keyboard.press("Enter");
  const panel = command.getByRole("region", { name: "Vessel" });
  await expect(panel.getByRole("heading", { level: 2 })).toContainText("QIONG LIN YU");
  await expect(panel).toContainText("120 positions");
  await expect(panel).toContainText(/\d\d°\d\d\.\d{3}′N \d{3}°\d\d\.\d{3}′E/);
});

test("a fence is drawn, its faults are shown, it is saved, deleted and brought back", async ({ command }) => {
  await command.keyboard.press("f");
  await command.getByRole("button", { name: "New fence" }).click();
  const panel = command.getByRole("region", { name: "Edit fence" });
  await panel.getByRole("button", { name: "Save" }).click();
  await expect(panel).toContainText("Draw the area on the chart first.");
  for (const [x, y] of [[560, 250], [860, 260], [820, 560], [560, 250]] as const) {
    await command.mouse.move(x - 3, y - 3);
    await command.mouse.move(x, y);
    await command.waitForTimeout(350);
    await command.mouse.click(x, y);
  }
  await expect(panel).toContainText("Drag corners");
  await panel.getByLabel("English name").fill("bad");
  await panel.getByRole("button", { name: "Save" }).click();
  await expect(panel).toContainText("must be text, or an object with zh and en");
  await panel.getByLabel("English name").fill("Anchorage watch");
  await panel.getByLabel("Faster than").check();
  await panel.getByRole("button", { name: "Save" }).click();
  const list = command.getByRole("region", { name: "Geofences" });
  await expect(list).toContainText("Alert on entry · Faster than 15 kn");
  await list.getByRole("button", { name: "Delete fence Anchorage watch" }).click();
  await expect(list).toContainText("No fence yet.");
  await command.locator(".toast").getByRole("button", { name: "Undo" }).click();
  await expect(list).toContainText("Anchorage watch");
});

test("a planned outage is entered after its faults are mended", async ({ command }) => {
  await command.keyboard.press("o");
  const panel = command.getByRole("region", { name: "Planned outages" });
  await panel.getByLabel("End (UTC)").fill("2026-01-01T00:00");
  await panel.getByRole("button", { name: "Save" }).click();
  await expect(panel.getByText("The end must come after the start.")).toBeVisible();
  await panel.getByLabel("End (UTC)").fill("2027-01-01T00:00");
  await panel.getByLabel("Receiver").selectOption("Sanya");
  await panel.getByLabel("Reason").fill("Mast is painted");
  await panel.getByRole("button", { name: "Save" }).click();
  await expect(panel.locator(".cards")).toContainText("Mast is painted");
});

test("range and bearing, go-to and CPA answer", async ({ command }) => {
  await command.keyboard.press("g");
  await command.getByRole("textbox", { name: "Position", exact: true }).fill("20 12.0N 110 06.0E");
  await expect(command.getByRole("dialog")).toContainText("20°12.000′N 110°06.000′E");
  await command.keyboard.press("Enter");
  await expect(command.getByRole("dialog")).toBeHidden();
  await command.keyboard.press("m");
  await expect(command.locator(".readout")).toContainText("Click where to start");
  await command.mouse.click(500, 400);
  await command.mouse.click(700, 300);
  await command.mouse.move(600, 350);
  await expect(command.locator(".pointer")).toContainText("20°");
  await command.keyboard.press("c");
  await expect(command.locator(".readout")).toContainText("Pick the first vessel.");
});

test("when the stream stops the page says so, and goes on when it is back", async ({ command, server }) => {
  await expect(command.locator(".link")).toHaveText("Live");
  server.cut();
  await expect(command.locator(".link")).toHaveText("Live"); // it comes back by itself within a second or two
  server.hold(true);
  await expect(command.getByRole("alert").filter({ hasText: "The live picture has stopped" })).toBeVisible();
  await expect(command.locator(".link")).toHaveText("Stale");
  server.hold(false);
  await expect(command.getByText("The live picture has stopped")).toBeHidden();
});
