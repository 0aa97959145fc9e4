import { cutOff, expect, grave, test } from "./desk.ts";

test("a grid worker's report is on the watch's board by itself and goes its way to the end", async ({ as }) => {
  const lead = await as("watch lead, police", "#incidents");
  const board = lead.getByRole("region", { name: "List of incidents" });
  await expect(board.getByRole("heading", { name: "Incidents" })).toBeVisible();
  const grid = await as("grid worker, Haikou", "#incidents");
  await grid.getByRole("button", { name: "Report an incident" }).click();
  const dialog = grid.getByRole("dialog");
  await dialog.getByLabel("What happens").fill("Crates carried ashore from a speedboat");
  await dialog.getByLabel("Type").selectOption("landing");
  await dialog.getByLabel("Severity").selectOption("serious");
  await dialog.getByLabel("Latitude").fill("20.06");
  await dialog.getByLabel("Longitude").fill("110.35");
  await dialog.getByRole("button", { name: "Report", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(grid.getByRole("heading", { name: "Crates carried ashore" })).toBeVisible();
  // Who reports it does not handle it.
  await expect(grid.getByRole("button", { name: "Accept" })).toHaveCount(0);

  await board.getByRole("link", { name: /Crates carried ashore/ }).click();
  const one = lead.getByRole("region", { name: "Incident", exact: true });
  await expect(one).toContainText("20°03.60′N 110°21.00′E");
  for (const step of ["Accept", "Dispatch", "Begin"]) {
    await one.getByRole("button", { name: step, exact: true }).click();
  }
  await one.getByRole("button", { name: "Feed back" }).click();
  const said = lead.getByRole("dialog");
  await expect(said.getByRole("button", { name: "Feed back" })).toBeDisabled();
  await said.getByLabel("What is to be said").fill("Nine crates of frozen goods seized");
  await said.getByRole("button", { name: "Feed back" }).click();
  await expect(one.locator(".log")).toContainText("Nine crates of frozen goods seized");
  await one.getByRole("button", { name: "Add an agency" }).click();
  await lead.getByRole("dialog").getByLabel("Agency").selectOption("customs");
  await lead.getByRole("dialog").getByRole("button", { name: "Add an agency" }).click();
  await expect(one).toContainText("customs");
  expect(await cutOff(lead)).toEqual([]);
  expect(await grave(lead)).toEqual([]);
  // The one who reported sees how it goes, by itself.
  await expect(grid.getByRole("region", { name: "List of incidents" })).toContainText("Fed back");
  await lead.screenshot({ path: "test-results/incidents.png" });
});

test("from an alert to its incident and back to the alert", async ({ as }) => {
  const lead = await as("second watch lead, police");
  await lead.locator(".alert-row").first().click();
  await lead.getByRole("button", { name: "Make it an incident" }).click();
  const one = lead.getByRole("region", { name: "Incident", exact: true });
  await expect(one.getByRole("button", { name: "Accept", exact: true })).toBeVisible();
  await one.getByRole("button", { name: /^Alert / }).click();
  await expect(lead.getByRole("link", { name: /^Incident 20\d\d-\d{6} \(Reported\)/ })).toBeVisible();
});

test("what to see to in a rescue is ticked by keyboard, signed and timed, and taken back with a reason", async ({ as }) => {
  const lead = await as("watch lead, police", "#incidents");
  await lead.getByRole("button", { name: "Report an incident" }).click();
  const dialog = lead.getByRole("dialog");
  await dialog.getByLabel("What happens").fill("A dinghy with four people adrift");
  await dialog.getByLabel("Type").selectOption("rescue");
  await dialog.getByRole("button", { name: "Report", exact: true }).click();
  const list = lead.getByRole("list", { name: "Checklist" });
  const item = list.getByRole("listitem").filter({ hasText: "read back" });
  await expect(lead.getByRole("heading", { name: "Checklist 0 of 11" })).toBeVisible();
  await item.getByRole("button", { name: /^Tick/ }).press("Enter");
  await expect(item).toContainText("ticked by");
  await expect(item.locator("time")).toBeVisible();
  await expect(lead.getByRole("heading", { name: "Checklist 1 of 11" })).toBeVisible();
  await expect(lead.getByText(/IAMSAR Manual, Volume II/)).toBeVisible();
  expect(await cutOff(lead)).toEqual([]);
  expect(await grave(lead)).toEqual([]);
  await lead.screenshot({ path: "test-results/checklist.png", fullPage: true });
  await item.getByRole("button", { name: /^Take back/ }).press("Enter");
  await expect(lead.getByRole("dialog").getByRole("button", { name: "Take back" })).toBeDisabled();
  await lead.getByRole("dialog").getByLabel("Why it is taken back").fill("It was another boat");
  await lead.getByRole("dialog").getByRole("button", { name: "Take back" }).click();
  await expect(item.getByRole("button", { name: /^Tick/ })).toBeVisible();
  await expect(lead.locator(".log")).toContainText("It was another boat");
});
