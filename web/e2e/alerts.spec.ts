import { expect, test } from "./page.ts";

test("a new alert is told, opened with the keyboard, acknowledged and taken back", async ({ command, server }) => {
  const open = command.locator(".alerts > header span");
  const before = Number((await open.textContent())!.split(" ")[0]);
  server.raise("sart");
  await expect(command.locator('[aria-live="assertive"]')).toContainText("Emergency alarm: Distress signal");
  await expect(open).toHaveText(`${before + 1} to answer`);
  await command.keyboard.press("n");
  const panel = command.getByRole("region", { name: "Alert" });
  await expect(panel).toContainText("AIS-SART is active");
  await expect(panel).toContainText("AIS-SART 已启动");
  await expect(panel.getByRole("table")).toBeVisible();
  await command.keyboard.press("a");
  await expect(open).toHaveText(`${before} to answer`);
  await expect(panel.locator(".timeline")).toContainText("acknowledged");
  await command.locator(".toast").getByRole("button", { name: "Undo" }).click();
  await expect(open).toHaveText(`${before + 1} to answer`);
  await command.keyboard.press("Escape");
  await expect(panel).toBeHidden();
});

test("dismissing wants a reason, handing on wants a name", async ({ command }) => {
  await command.keyboard.press("n");
  const panel = command.getByRole("region", { name: "Alert" });
  await panel.getByRole("button", { name: "Hand on" }).click();
  await panel.locator("form").getByRole("button", { name: "Hand on" }).click();
  await expect(panel.getByRole("alert")).toHaveText("This is needed.");
  await panel.getByLabel("To whom").fill("Haikou MSA");
  await panel.locator("form").getByRole("button", { name: "Hand on" }).click();
  await expect(panel.locator(".timeline")).toContainText("handed on → Haikou MSA");
  await panel.getByRole("button", { name: "Dismiss" }).click();
  await panel.locator("form").getByRole("button", { name: "Dismiss" }).click();
  await expect(panel.getByRole("alert")).toHaveText("This is needed.");
  await panel.getByRole("button", { name: "Faulty data" }).click();
  await panel.locator("form").getByRole("button", { name: "Dismiss" }).click();
  await expect(panel.locator(".timeline")).toContainText("Faulty data");
});

test("the list filters, and holds only the rows in sight", async ({ command, server }) => {
  for (let i = 0; i < 300; i++) server.raise("encounter");
  const list = command.getByRole("listbox", { name: "Alerts" });
  await expect(command.locator(".alerts > header span")).toHaveText(/^3\d\d to answer/);
  const rows = list.getByRole("option");
  expect(await rows.count()).toBeLessThan(30);
  await command.getByRole("button", { name: /Caution/ }).click();
  await expect(rows.first()).toContainText("Closed season");
  await command.getByLabel("Filter by text").fill("no such vessel");
  await expect(command.locator(".alerts")).toContainText("No alert fits the filter.");
});
