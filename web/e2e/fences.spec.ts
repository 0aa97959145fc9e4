import { CHART } from "../map/palette.ts";
import { expect, goTo, panel, pixels, STAGE, test } from "./page.ts";
import { CROSSER, START_MS } from "./sea/coast.ts";

const at = (dx: number, dy: number): [number, number] => [(STAGE.left + STAGE.right) / 2 + 150 + dx, (STAGE.top + STAGE.bottom) / 2 + dy];

test("a fence is drawn, its faults are shown, it is saved, changed, deleted and brought back", async ({ command }) => {
  await goTo(command, "17 00.0N 112 00.0E"); // open sea: no ship is in the way
  await command.keyboard.press("f");
  const list = panel(command, "Geofences");
  await list.getByRole("button", { name: "New fence" }).click();
  const form = panel(command, "Edit fence");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form).toContainText("Draw the area on the chart first.");
  await expect(form).toContainText("Click the corners on the chart");
  const corners = form.getByLabel("Corners, one a line");
  for (const [x, y] of [at(-100, -100), at(100, -90), at(80, 110), at(-100, -100)]) {
    await command.mouse.move(x - 3, y - 3);
    await command.mouse.move(x, y, { steps: 3 });
    await command.mouse.down();
    await command.mouse.up();
  }
  await expect(form).toContainText("Drag corners");
  await expect(corners).toHaveValue(/^(\d\d°\d\d\.\d{3}′N 1\d\d°\d\d\.\d{3}′E\n?){3}$/);
  const drawn = await corners.inputValue();
  await command.mouse.move(...at(80, 110));
  await command.mouse.down();
  await command.mouse.move(...at(110, 150), { steps: 8 });
  await command.mouse.up();
  await expect(corners).not.toHaveValue(drawn);
  await form.getByRole("button", { name: "Undo change" }).click();
  await expect(corners).toHaveValue(drawn);
  await form.getByLabel("English name").fill("Anchorage watch");
  await form.getByRole("checkbox", { name: "Faster than" }).check();
  await form.getByLabel("Speed (kn)").fill("300");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form.locator("fieldset").getByRole("alert")).toContainText("speed_kn"); // the server's word
  await form.getByLabel("Speed (kn)").fill("12");
  await form.getByLabel("Valid from").fill("2026-06-20T00:00");
  await form.getByLabel("Valid to").fill("2026-06-19T00:00");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form).toContainText("The end must come after the start.");
  await form.getByLabel("Valid to").fill("2026-06-21T00:00");
  await form.getByRole("button", { name: "Save" }).click();
  const card = list.locator("li", { hasText: "Anchorage watch" });
  await expect(card).toContainText("Alert on entry · Faster than 12 kn");
  await card.getByRole("button", { name: "Edit fence" }).click();
  await expect(form.getByLabel("Valid from")).toHaveValue("2026-06-20T00:00");
  await form.getByRole("checkbox", { name: "Alert on entry" }).uncheck();
  await form.getByRole("button", { name: "Save" }).click();
  await expect(card).not.toContainText("Alert on entry");
  await list.getByRole("button", { name: "Delete fence Anchorage watch" }).click();
  await expect(card).toBeHidden();
  await command.locator(".toast").getByRole("button", { name: "Undo" }).click();
  await expect(card).toBeVisible();
  // Whoever opens the page next sees it on the chart, even where the chart's land comes after the fences.
  const fences = command.waitForResponse((r) => r.url().endsWith("/geofences"));
  await command.route("**/map/world.geojson", async (route) => {
    await (await fences).finished();
    await route.continue();
  });
  await command.reload();
  await expect(command.getByRole("button", { name: "Geofences" })).toBeVisible(); // keys are heard from here on
  await command.keyboard.press("f");
  await card.getByRole("button", { name: "Anchorage watch", exact: true }).click();
  const middle = { x: (STAGE.left + STAGE.right) / 2 + 182, y: (STAGE.top + STAGE.bottom) / 2 }; // a corner lies here
  const fence = [1, 3, 5].map((i) => parseInt(CHART.dusk.fence.slice(i, i + 2), 16));
  await expect.poll(() => pixels(command, middle.x, middle.y, 20, fence)).toBeGreaterThan(10);
});

test("a fence is made with the keyboard alone from typed positions, and a ship that enters it raises its alert", async ({ command, sea }) => {
  const lon = (minutes: number): string => `111 ${minutes.toFixed(2)}E`;
  // The ship makes 30 kn to the east at 20°12′ N: at 20° of latitude one minute of longitude is 0.94 nm, so
  // she makes 0.53′ a minute. The fence begins a little before her.
  const ahead = 60 * (CROSSER.lon - 111) + ((sea.nowMs - START_MS) / 60_000) * 0.533 + 0.15;
  await command.keyboard.press("f");
  const list = panel(command, "Geofences");
  await expect(list.locator(".panel-body")).toBeFocused();
  await command.keyboard.press("Tab");
  await command.keyboard.press("Enter");
  const form = panel(command, "Edit fence");
  const corners = form.getByLabel("Corners, one a line");
  await corners.focus();
  await command.keyboard.type(`20 10.0N ${lon(ahead)}\n20 14.0N`);
  await command.keyboard.press("Tab");
  await expect(form).toContainText("Line 2 cannot be read as a position.");
  await corners.fill(`20 10.0N ${lon(ahead)}\n20 14.0N ${lon(ahead)}\n20 14.0N ${lon(ahead + 20)}\n20 10.0N ${lon(ahead + 20)}`);
  await command.keyboard.press("Tab");
  await expect(form).toContainText("Drag corners");
  await command.keyboard.type("东围栏");
  await command.keyboard.press("Enter");
  await expect(list.locator("li", { hasText: "东围栏" })).toContainText("Alert on entry");
  const row = command.locator(".alert-row", { hasText: "Fence entered" });
  await expect(row).toContainText(CROSSER.name, { timeout: 60_000 });
  await expect(row).toContainText("东围栏");
});

test("a fence that came with the region cannot be changed", async ({ command }) => {
  await command.keyboard.press("f");
  const card = panel(command, "Geofences").locator("li", { hasText: "moratorium" });
  await expect(card).toContainText("comes with the region");
  await expect(card).toContainText("Closed season 05-01 12:00 – 08-16 12:00");
  await expect(card.getByRole("button", { name: /Edit|Delete/ })).toHaveCount(0);
});
