import { cutOff, expect, grave, test } from "./desk.ts";

const ADMIN = "administrator of accounts";

test("the administrator comes to the accounts at once, without any picture", async ({ as }) => {
  const page = await as(ADMIN);
  await expect(page.getByRole("heading", { name: "People", level: 2 })).toBeVisible();
  await expect(page.locator(".chart")).toHaveCount(0);
  const tree = page.getByRole("list", { name: "Units" });
  await expect(tree.getByRole("button", { name: "Haikou", exact: false }).first()).toBeVisible();
  await page.getByLabel("Find a unit (code or name)").fill("五指山"); // nobody of the demo works there
  await tree.getByRole("button", { name: /Wuzhishan/ }).click();
  await expect(page.getByText("No account fits.")).toBeVisible();
  await page.getByLabel("Find a unit (code or name)").fill("");
  await tree.getByRole("button", { name: "All units" }).click();
  await page.getByLabel("Find by login or name").fill("demo.grid");
  const accounts = page.getByRole("table", { name: "Units and accounts" });
  await expect(accounts.getByRole("row")).toHaveCount(2);
  await accounts.getByRole("button").click();
  const one = page.getByRole("complementary", { name: "Account", exact: true });
  await expect(one.getByRole("table", { name: "Roles" })).toContainText("grid worker");
  expect(await cutOff(page)).toEqual([]);
  expect(await grave(page)).toEqual([]);
});

test("somebody is invited by a link that is shown once, given a role, suspended with a reason, and reinstated", async ({ as }) => {
  const page = await as(ADMIN, "#people");
  await page.getByRole("button", { name: "Invite somebody" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("吴多益");
  await dialog.getByLabel("Login").fill("wu.duoyi");
  await dialog.getByLabel("Role").selectOption("grid_worker");
  await dialog.getByRole("combobox", { name: "Unit", exact: true }).fill("海口");
  await expect(dialog.getByRole("option", { name: /^Haikou 460100/ })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter"); // by the keyboard alone; neither is the form sent nor the dialog closed
  await expect(dialog.getByRole("combobox", { name: "Unit", exact: true })).toHaveValue("Haikou (460100)");
  await dialog.getByLabel("To (empty: open)").fill("2030-01-01");
  await dialog.getByRole("button", { name: "Make the link" }).click();
  const link = await dialog.getByLabel("To be copied").inputValue();
  expect(link).toMatch(/\/#accept=[\w-]{20,}$/);
  await page.keyboard.press("Escape");
  await page.getByLabel("Find by login or name").fill("wu.duoyi");
  await page.getByRole("table", { name: "Units and accounts" }).getByRole("button", { name: "吴多益" }).click();
  const one = page.getByRole("complementary", { name: "Account", exact: true });
  await expect(one).toContainText("invited");
  await expect(one.getByRole("table", { name: "Roles" })).toContainText("2030-01-01 00:00:00 2029-12-31 16:00:00 UTC"); // midnight of the coast
  await one.getByRole("button", { name: "Give a role" }).click();
  await dialog.getByLabel("Role").selectOption("investigator");
  await expect(dialog).toContainText("so a second person has to agree");
  await dialog.getByLabel("Reason").fill("joins the customs team");
  await dialog.getByRole("button", { name: "Give a role" }).click();
  await expect(one.getByRole("article", { name: /Give a privileged role/ })).toContainText("You proposed it; another person decides.");
  await one.getByRole("button", { name: "Suspend" }).click();
  await dialog.getByLabel("Reason").fill("left the service");
  await dialog.getByRole("button", { name: "Suspend the account" }).click();
  await expect(one).toContainText("suspended · left the service");
  await page.getByRole("link", { name: "For a second person" }).click();
  await expect(page.getByRole("article", { name: /吴多益/ })).toContainText("joins the customs team");
  expect(await grave(page)).toEqual([]);
});

test("a sheet is checked before it is taken, each fault by its row", async ({ as }) => {
  const page = await as(ADMIN, "#people/import");
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Template" }).click();
  const file = await (await coming).path();
  await page.getByLabel("Excel file (.xlsx)").setInputFiles({ name: "units.xlsx", mimeType: "application/octet-stream", buffer: (await import("node:fs")).readFileSync(file) });
  await page.getByRole("button", { name: "Check" }).click();
  await expect(page.getByRole("status").filter({ hasText: "rows:" })).toBeVisible();
  await page.getByLabel("Excel file (.xlsx)").setInputFiles({ name: "no.xlsx", mimeType: "application/octet-stream", buffer: Buffer.from("no sheet") });
  await page.getByRole("button", { name: "Check" }).click();
  await expect(page.locator(".page").getByRole("alert")).toContainText(/\w+/);
  expect(await grave(page)).toEqual([]);
});

test("a system's key is shown once and revoked", async ({ as }) => {
  const page = await as(ADMIN, "#people/keys");
  await page.getByRole("button", { name: "Make a key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("System that holds it").fill("harbour office");
  await dialog.getByRole("combobox", { name: "Unit", exact: true }).fill("海口");
  await expect(dialog.getByRole("option", { name: /^Haikou 460100/ })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter"); // by the keyboard alone; neither is the form sent nor the dialog closed
  await expect(dialog.getByRole("combobox", { name: "Unit", exact: true })).toHaveValue("Haikou (460100)");
  await dialog.getByRole("button", { name: "Make a key" }).click();
  await expect(dialog.getByLabel("To be copied")).toHaveValue(/^litt_/);
  await page.keyboard.press("Escape");
  const row = page.getByRole("row", { name: /harbour office/ });
  await expect(row).toContainText("Haikou"); // by name, not by code
  await row.getByRole("button", { name: "Revoke" }).click();
  await expect(row).toContainText("revoked");
  expect(await grave(page)).toEqual([]);
});
