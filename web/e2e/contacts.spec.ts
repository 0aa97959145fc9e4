import { cutOff, expect, grave, test } from "./desk.ts";

test.describe.configure({ mode: "serial", timeout: 180_000 });

test("a call on VHF is on another desk's map within seconds, is corrected, becomes an incident and ends", async ({ as }) => {
  const lead = await as("watch lead, police");
  await expect(lead.locator(".health")).toContainText("targets", { timeout: 120_000 });
  const officer = await as("second watch lead, police");
  await expect(officer.locator(".health")).toContainText("targets");
  await officer.keyboard.press("h");
  const list = officer.getByRole("region", { name: "Contacts entered by hand" });
  await expect(list.getByRole("listitem", { name: "QIONG HAI KOU 8 (demo)" })).toContainText(/VHF, \d+ min ago/);
  // The newest first (the demo's second called later), beside the form and not below it.
  await expect(list.getByRole("listitem").first()).toHaveAccessibleName("YUE XU WEN 21 (demo)");
  await expect(list.getByRole("listitem").first()).toBeInViewport({ ratio: 1 });
  await expect(list.getByLabel("Position")).toBeInViewport({ ratio: 1 });

  // By keyboard alone: the position is where one begins, and Enter enters it.
  await lead.keyboard.press("h");
  const form = lead.getByRole("form", { name: "New contact" });
  await expect(form.getByLabel("Position")).toBeFocused();
  await lead.keyboard.type("010 5 haikou");
  await expect(form.getByRole("status")).toContainText("Which of these: Haikou, Xiuying; Haikou, Xinhai");
  await lead.keyboard.press("Enter");
  await expect(form.getByText("This is no position", { exact: false })).toBeVisible();
  await form.getByLabel("Position").fill("010 5 xiuying");
  await expect(form.getByRole("status")).toContainText(/20°\d\d\.\d{3}′N 110°\d\d\.\d{3}′E/);
  await form.getByLabel("What it is").selectOption("small craft");
  await form.getByLabel("Name", { exact: true }).fill("SKIFF ONE");
  await form.getByLabel("Persons on board").fill("4");
  await form.getByLabel("Course (° true)").fill("400");
  await form.getByLabel("Speed (kn)").fill("6");
  await form.getByLabel("What was said").fill("engine trouble");
  expect(await cutOff(lead)).toEqual([]);
  expect(await grave(lead)).toEqual([]);
  await lead.screenshot({ path: "test-results/contact-form.png" });
  await form.getByLabel("Speed (kn)").press("Enter");
  await expect(form.locator(".field.invalid")).toContainText("Course"); // named by its field
  await form.getByLabel("Course (° true)").fill("90");
  await form.getByLabel("Course (° true)").press("Enter");
  const panel = lead.getByRole("region", { name: "Contact", exact: true });
  await expect(panel.getByRole("heading", { level: 2 })).toHaveText("SKIFF ONE");
  await expect(panel.locator(".sentence")).toContainText(/small craft · VHF, \d+ s ago/);
  await expect(list.getByRole("listitem", { name: "SKIFF ONE" })).toBeVisible({ timeout: 10_000 });

  // What was typed wrongly is typed anew; both stay.
  await panel.getByRole("button", { name: "Correct", exact: true }).click();
  const correction = lead.getByRole("form", { name: "Correct" });
  await expect(correction.getByLabel("Position")).toHaveValue("010 5 xiuying");
  await correction.getByLabel("Persons on board").fill("5");
  await correction.getByRole("button", { name: "Correct", exact: true }).click();
  await expect(panel.locator(".timeline li")).toHaveCount(2);
  await expect(panel.locator(".timeline")).toContainText("corrected");
  await expect(panel.locator(".facts")).toContainText("Persons on board5");
  expect(await cutOff(lead)).toEqual([]);
  expect(await grave(lead)).toEqual([]);
  await lead.locator(".chart canvas.maplibregl-canvas").focus();
  for (const palette of ["dusk", "night", "bright", "day"]) {
    await expect(lead.locator("html")).toHaveAttribute("data-obc-theme", palette);
    await lead.screenshot({ path: `test-results/contact-${palette}.png` });
    await lead.keyboard.press("d");
  }

  // One click makes it an incident, and from there one leads back.
  await panel.getByRole("button", { name: "Make it an incident" }).click();
  const incident = lead.getByRole("region", { name: "Incident", exact: true });
  await expect(incident).toContainText("SKIFF ONE · small craft · 5 on board · engine trouble");
  await expect(incident).toContainText(/20°\d\d\.\d\d′N 110°\d\d\.\d\d′E/);
  await incident.getByRole("button", { name: /^Contact entered by hand / }).click();
  await expect(panel.getByRole("link", { name: /^Incident 20\d\d-\d{6}/ })).toBeVisible();

  await panel.getByRole("button", { name: "End it", exact: true }).click();
  const end = lead.getByRole("form", { name: "End it" });
  await end.getByLabel("Why").selectOption("identified as a vessel");
  await end.getByLabel("MMSI").fill("412000001");
  await end.getByRole("button", { name: "End it" }).click();
  await expect(panel).toContainText("identified as a vessel MMSI 412000001");
  await expect(list.getByRole("listitem", { name: "SKIFF ONE" })).toHaveCount(0, { timeout: 10_000 });
});

test("a call on VHF is linked to an incident that is known already", async ({ as }) => {
  const lead = await as("watch lead, police", "#incidents");
  await lead.locator(".rows a").first().click();
  await lead.getByRole("button", { name: "Link a contact entered by hand" }).click();
  const dialog = lead.getByRole("dialog");
  await dialog.getByLabel("Contact").selectOption({ index: 1 });
  expect(await grave(lead)).toEqual([]);
  await dialog.getByRole("button", { name: "Link a contact entered by hand" }).click();
  await expect(dialog).toHaveCount(0);
  await lead.getByRole("button", { name: /^Contact entered by hand (?![0-9a-f]{8}$)/ }).click();
  await expect(lead.getByRole("region", { name: "Contact", exact: true })).toBeVisible();
});

test("a position is taken from the map, and who may not enter sees them alone", async ({ as }) => {
  const lead = await as("watch lead, police");
  await expect(lead.locator(".health")).toContainText("targets", { timeout: 120_000 });
  await lead.keyboard.press("h");
  const form = lead.getByRole("form", { name: "New contact" });
  await form.getByRole("button", { name: "On the map" }).click();
  await lead.locator(".chart canvas.maplibregl-canvas").click({ position: { x: 700, y: 400 }, force: true });
  await expect(form.getByLabel("Position")).toHaveValue(/^\d\d°\d\d\.\d{3}′N 1\d\d°\d\d\.\d{3}′E$/);
  const clerk = await as("county clerk, Haikou");
  await expect(clerk.locator(".health")).toContainText("targets");
  await clerk.keyboard.press("h");
  const list = clerk.getByRole("region", { name: "Contacts entered by hand" });
  await expect(list.getByRole("listitem").first()).toBeVisible();
  await expect(list.getByRole("form")).toHaveCount(0);
});

test("who was in an area lists contacts apart from what receivers heard", async ({ as }) => {
  const lead = await as("watch lead, police", "#ask");
  const wall = (fromNowMs: number): string => new Date(Date.now() + 8 * 3_600_000 + fromNowMs).toISOString().slice(0, 16); // Shanghai
  await expect(lead.getByLabel("From")).not.toHaveValue("", { timeout: 150_000 });
  await lead.getByLabel("From").fill(wall(-7_200_000));
  await lead.getByRole("textbox", { name: "To", exact: true }).fill(wall(60_000));
  await lead.getByLabel("Corners: lon,lat …").fill("110.3,20.1 110.5,20.1 110.5,20.3 110.3,20.3");
  await lead.getByLabel("Corners: lon,lat …").blur();
  await lead.getByRole("button", { name: "Ask", exact: true }).click();
  const found = lead.getByRole("table", { name: "Contacts entered by hand, apart from AIS" });
  await expect(found.getByRole("row", { name: /QIONG HAI KOU 8 \(demo\)/ })).toContainText("small craft");
  await expect(found).not.toContainText("YUE XU WEN 21");
  expect(await grave(lead)).toEqual([]);
  await lead.screenshot({ path: "test-results/contact-asked.png" });
});
