import { execFileSync } from "node:child_process";
import type { Locator } from "@playwright/test";
import { cutOff, expect, grave, test } from "./desk.ts";
import { PYTHON } from "./sea/server.ts";

const ADMIN = "administrator of accounts";

/** A file as the server's template has it, with these rows of users. */
function peopleSheet(rows: Record<"login" | "name" | "role" | "unit", string>[]): Buffer {
  const script = `
import json, sys
from openpyxl import Workbook
book = Workbook()
sheet = book.active
sheet.title = "users"
rows = json.loads(sys.argv[1])
sheet.append(list(rows[0]))
for row in rows:
    sheet.append(list(row.values()))
book.save(sys.stdout.buffer)
`;
  return execFileSync(PYTHON, ["-c", script, JSON.stringify(rows)]);
}

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

/** The choices of the role beside it name agencies too. */
const agencyIn = (dialog: Locator): Locator => dialog.locator(".field", { hasText: /^Agency/ }).getByRole("combobox");

test("somebody is proposed with a role, given another, suspended with a reason, and no link is shown to who proposed", async ({ as }) => {
  const page = await as(ADMIN, "#people");
  await page.getByRole("button", { name: "Invite somebody" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name of the person").fill("吴多益");
  await dialog.getByLabel("Login").fill("wu.duoyi");
  await dialog.getByLabel("Role").selectOption("grid_worker");
  await dialog.getByRole("combobox", { name: "Unit", exact: true }).fill("海口");
  await expect(dialog.getByRole("option", { name: /^Haikou 460100/ })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter"); // by the keyboard alone; neither is the form sent nor the dialog closed
  await expect(dialog.getByRole("combobox", { name: "Unit", exact: true })).toHaveValue("Haikou (460100)");
  const propose = dialog.getByRole("button", { name: "Propose the account" });
  await dialog.getByLabel("Reason").fill("joins the grid");
  await expect(propose).toBeDisabled();
  await expect(propose).toHaveAccessibleDescription("Choose the agency that the role works for, or that it works for none.");
  await agencyIn(dialog).selectOption("demo-local_government-460100");
  await expect(propose).toBeEnabled();
  await dialog.getByLabel("Valid until (empty: open)").fill("2030-01-01");
  await expect(dialog).toContainText("A second person has to agree to it.");
  await propose.click();
  await expect(page.getByText("it waits for a second person")).toBeVisible();
  await expect(page.getByLabel("To be copied")).toHaveCount(0);
  await page.getByLabel("Find by login or name").fill("wu.duoyi");
  await page.getByRole("table", { name: "Units and accounts" }).getByRole("button", { name: "吴多益" }).click();
  const one = page.getByRole("complementary", { name: "Account", exact: true });
  await expect(one).toContainText("invited");
  await expect(one.getByRole("table", { name: "Roles" })).toHaveCount(0);
  await one.getByRole("button", { name: "Give a role" }).click();
  await dialog.getByLabel("Role").selectOption("investigator");
  await agencyIn(dialog).selectOption("demo-customs-460000");
  await dialog.getByLabel("Reason").fill("joins the customs team");
  await dialog.getByRole("button", { name: "Give a role" }).click();
  await expect(one.getByRole("article", { name: /Give a role/ })).toHaveCount(2);
  await expect(one.getByRole("article", { name: /Give a role/ }).first()).toContainText("You proposed it; another person decides.");
  await one.getByRole("button", { name: "Suspend" }).click();
  await dialog.getByLabel("Reason").fill("left the service");
  await dialog.getByRole("button", { name: "Suspend the account" }).click();
  await expect(one).toContainText("suspended · left the service");
  await page.getByRole("link", { name: "For a second person" }).click();
  await expect(page.getByRole("article", { name: /吴多益/ }).filter({ hasText: "joins the customs team" })).toBeVisible();
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

test("a file of people waits as one card; a second administrator looks at its rows, leaves one out and gets the links", async ({ as }) => {
  const page = await as(ADMIN, "#people/import");
  const rows = [1, 2, 3].map((n) => ({ login: `worker.0${n}`, name: `Worker ${n}`, role: "grid_worker", unit: "460100" }));
  await page.getByLabel("Excel file (.xlsx)").setInputFiles({ name: "people.xlsx", mimeType: "application/octet-stream", buffer: peopleSheet(rows) });
  await page.getByRole("button", { name: "Check" }).click();
  await expect(page.getByText("who decides on the whole file or row by row")).toBeVisible();
  await page.getByRole("button", { name: "Take it in" }).click();
  await expect(page.getByRole("heading", { name: "Handed in: the accounts wait for a second person" })).toBeVisible();
  await page.getByRole("link", { name: "For a second person" }).click();
  await expect(page.getByRole("article", { name: "Import of people" })).toContainText("You proposed it; another person decides.");
  const second = await as("second administrator of accounts", "#people/waiting");
  const card = second.getByRole("article", { name: "Import of people" });
  await expect(card).toContainText("waiting 3, made 0, refused 0 · grid worker 3");
  await card.getByText("What is in it").click();
  await card.getByRole("checkbox", { name: "Refuse Worker 2" }).check();
  expect(await grave(second)).toEqual([]);
  await expect(card).toContainText(/1 marked rows? (is|are) refused/);
  await card.getByRole("button", { name: "Agree" }).click();
  const coming = second.waitForEvent("download");
  await card.getByRole("button", { name: "Download 2 links (CSV)" }).click();
  const stream = await (await coming).createReadStream();
  const text = (await stream.toArray()).join("");
  expect(text.match(/worker\.0\d,.*\/#accept=/g)).toHaveLength(2);
  expect(text).not.toContain("worker.02");
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

test("what a unit shares with another is agreed on, seen by both sides, and ended with a reason", async ({ as }) => {
  const page = await as(ADMIN, "#people/sharings");
  await expect(page.getByText("Nothing is shared.")).toBeVisible();
  await page.getByRole("button", { name: "Share with others" }).click();
  const dialog = page.getByRole("dialog");
  const giver = dialog.getByRole("combobox", { name: "Whose", exact: true });
  await expect(giver).toHaveValue(/460000/); // the own unit is put there once the units are known
  await giver.fill("海口");
  await expect(dialog.getByRole("option", { name: /^Haikou 460100/ })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("button", { name: "Share with others" })).toHaveAccessibleDescription("Choose who receives it: a unit or an agency.");
  await dialog.getByRole("combobox", { name: "Shared with", exact: true }).fill("三亚");
  await expect(dialog.getByRole("option", { name: /^Sanya 460200/ })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await dialog.getByLabel("What").selectOption("incident");
  await dialog.getByLabel("To (empty: open)").fill("2030-01-01");
  await dialog.getByLabel("Reason").fill("joint watch of the strait");
  await page.keyboard.press("Enter"); // by the keyboard alone
  const table = page.getByRole("table", { name: "Agreements between units" });
  await expect(table.getByRole("row")).toHaveCount(2);
  await expect(table).toContainText("Haikou");
  await expect(table).toContainText("joint watch of the strait");
  await expect(table).toContainText("in force");
  expect(await cutOff(page)).toEqual([]);
  expect(await grave(page)).toEqual([]);
  await table.getByRole("button", { name: "End what Haikou shares with Sanya" }).click();
  await dialog.getByLabel("Reason").fill("the exercise is over");
  await dialog.getByRole("button", { name: "End it" }).click();
  await expect(page.getByText("Nothing is shared.")).toBeVisible();
  await page.getByLabel("Also those that have ended").check();
  await expect(table).toContainText("the exercise is over");
});
