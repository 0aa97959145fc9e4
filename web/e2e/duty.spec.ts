import { execFileSync } from "node:child_process";
import { request } from "@playwright/test";
import { uuid7 } from "../client/uuid7.ts";
import { cutOff, expect, grave, test } from "./desk.ts";
import { PYTHON } from "./sea/server.ts";

const SAIL = "Say by radio when you can sail";

/** A page or phone has 90 s to say that it has a notice: told before all tests, the last of them waits the less. */
test.beforeAll(async ({ staff }) => {
  const asked = await request.newContext({ baseURL: staff.url, extraHTTPHeaders: { "x-littoral-request": "1" } });
  await asked.get(staff.door("watch officer, coast guard"));
  const { id } = (await (await asked.get("/api/v1/me")).json()) as { id: string };
  await asked.get(staff.door("watch lead, police"));
  const answer = await asked.post("/api/v1/notices", { data: { id: uuid7(), text: SAIL, to: [id] } });
  expect(answer.status(), await answer.text()).toBe(201);
  await asked.dispose();
});

test("a watch is taken over: the record is read, signed for by who comes, and printed", async ({ as }) => {
  const lead = await as("watch lead, police", "#duty");
  const page = lead.getByRole("main", { name: "Duty" });
  await expect(page.getByRole("heading", { name: /^On watch: / })).toBeVisible();
  await expect(page.locator(".people")).toContainText("watch lead");
  await expect(page.locator(".calls li").first()).toContainText("at once");
  // Who stands the watch ticks a check off, and it is in the log.
  const checks = page.getByRole("region", { name: "Checks" });
  await expect(checks.locator(".done").first()).toBeVisible();
  await lead.screenshot({ path: "test-results/duty-now.png" });
  expect(await cutOff(lead)).toEqual([]);
  expect(await grave(lead)).toEqual([]);

  await page.getByRole("link", { name: /^Handover/ }).click();
  const record = page.getByRole("article", { name: /^Handover / });
  await expect(record).toContainText("Signed, to be read");
  await expect(record).toContainText("before 23:00");
  await expect(record.getByRole("region", { name: /^Open when it was signed/ })).toContainText("incidents open");
  await expect(record.getByRole("button", { name: "Sign and take over" })).toHaveCount(0);
  await record.getByRole("button", { name: "I have read it" }).click();
  await record.getByRole("button", { name: "Sign and take over" }).click();
  const dialog = lead.getByRole("dialog");
  await dialog.getByLabel("Remark of who takes over").fill("Called the maritime office at 20:10");
  await dialog.getByRole("button", { name: "Sign and take over" }).click();
  await expect(record).toContainText("Handed over");
  await expect(record).toContainText("Called the maritime office at 20:10");
  for (const step of ["I have read it", "Sign and take over", "Take the signature back"]) {
    await expect(record.getByRole("button", { name: step })).toHaveCount(0);
  }
  await lead.screenshot({ path: "test-results/duty-handover.png" });
  expect(await cutOff(lead)).toEqual([]);
  expect(await grave(lead)).toEqual([]);
  await lead.emulateMedia({ media: "print" });
  await expect(record).toBeVisible();
  await expect(lead.locator(".tabs")).toBeHidden();
  await lead.screenshot({ path: "test-results/duty-print.png", fullPage: true });
  await lead.pdf({ path: "test-results/duty-handover.pdf", format: "A4" });
  await lead.emulateMedia({ media: "screen" });

  // The watch that stands now begins its own: nothing is signed before the regulation's items are stated.
  await page.getByRole("button", { name: "Begin the handover" }).click();
  const draft = page.getByRole("article", { name: /^Handover / }).filter({ hasText: "Draft" });
  await expect(draft.getByRole("button", { name: "Sign as who goes" })).toBeDisabled();
  for (const label of [/^promised to others/, /^out of order/, /^orders and bulletins/]) await draft.getByLabel(label).fill("none");
  await draft.getByRole("button", { name: "Sign as who goes" }).click();
  await expect(page.getByRole("article", { name: /^Handover / }).filter({ hasText: "Signed, to be read" })).toBeVisible();
});

test("a swap is agreed and approved, an override wins, the log and a fault are written", async ({ as }) => {
  const other = await as("watch officer, police", "#duty/roster");
  const lead = await as("watch lead, police", "#duty/roster");
  await other.getByRole("button", { name: "Agree", exact: true }).click();
  const papers = lead.getByRole("region", { name: "Swaps, leave and overrides" });
  await lead.reload();
  await papers.getByRole("button", { name: "Approve", exact: true }).click();
  await expect(papers).toContainText("In force");
  const days = lead.getByRole("table", { name: "Roster of the next 14 days" });
  await expect(days).toContainText("(swap)");
  await expect(days).toContainText("too few");

  await days.getByRole("button", { name: /^Override / }).nth(2).click();
  const dialog = lead.getByRole("dialog");
  await dialog.getByLabel("Person").selectOption({ index: 1 });
  await dialog.getByLabel("Reason").fill("Typhoon: everybody is called in");
  await dialog.getByRole("button", { name: "Order it" }).click();
  await expect(dialog).toBeHidden();
  await expect(days).toContainText("(override)");
  await expect(papers).toContainText("Typhoon: everybody is called in");
  expect(await cutOff(lead)).toEqual([]);
  expect(await grave(lead)).toEqual([]);
  await lead.screenshot({ path: "test-results/duty-roster.png" });

  await lead.goto(lead.url().replace(/#.*/, "#duty/log"));
  await lead.getByLabel("Kind").selectOption("call");
  const text = lead.getByLabel(/^What was seen/);
  await text.fill("Sanya asks for the patrol boat's position");
  await text.press("Control+Enter");
  await expect(lead.locator(".log")).toContainText("Sanya asks for the patrol boat's position");
  await lead.locator(".log li", { hasText: "Sanya asks" }).getByRole("button", { name: "Correct" }).click();
  await text.fill("Haikou, not Sanya");
  await lead.getByRole("button", { name: "Write", exact: true }).click();
  await expect(lead.locator(".log li").first()).toContainText("Haikou, not Sanya");

  await lead.goto(lead.url().replace(/#.*/, "#duty/faults"));
  await expect(lead.getByText("VHF set 2").first()).toBeVisible();
  // Until a receiver was heard there is none to choose, and its name is written.
  const heard = () => lead.evaluate(() => fetch("/api/v1/health").then((r) => r.json()).then((h) => h.receivers.length as number));
  await expect.poll(heard).toBeGreaterThan(0);
  await lead.getByRole("button", { name: "Plan maintenance" }).click();
  await dialog.getByLabel("Its name").selectOption({ index: 1 });
  await dialog.getByLabel("What is done").fill("new antenna");
  await dialog.getByLabel("Who mends it").fill("the antenna company");
  await dialog.getByLabel(/^Its silence raises no alert/).check();
  await dialog.getByRole("button", { name: "Put the window" }).click();
  await expect(dialog).toBeHidden();
  await expect(lead.getByText("waits for a second person", { exact: true })).toBeVisible();
  const second = await as("second watch lead, police", "#changes");
  await second.getByRole("button", { name: /^Agree/ }).first().waitFor();
  await lead.screenshot({ path: "test-results/duty-faults.png" });
});

test("a county's centre sees its own duty alone, in Chinese", async ({ as }) => {
  const clerk = await as("county clerk, Haikou", "#duty");
  await expect(clerk.getByRole("heading", { name: /^On watch: / })).toBeVisible();
  await expect(clerk.getByRole("combobox", { name: "Desk" }).locator("option")).toHaveText(["Haikou · local government"]);
  await clerk.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(clerk.locator(".people")).toContainText("signed in");
  await clerk.getByRole("button", { name: "中文" }).click();
  await expect(clerk.getByRole("heading", { name: /^当前值班/ })).toBeVisible();
  await expect(clerk.getByRole("region", { name: "呼叫顺序" })).toContainText("海南省");
  expect(await cutOff(clerk)).toEqual([]);
  await clerk.screenshot({ path: "test-results/duty-county.png" });
  const analyst = await as("analyst, customs", "#duty");
  await expect(analyst.getByText("None of your roles opens this page")).toBeVisible();
});

/** The sheet with a first day. */
function filled(sheet: string, day: string): Buffer {
  const script = `
import sys
from openpyxl import load_workbook
book = load_workbook(open(sys.argv[1], "rb"))
book.active["A2"] = sys.argv[2]
book.save(sys.stdout.buffer)
`;
  return execFileSync(PYTHON, ["-c", script, sheet, day]);
}

test("a roster comes in from Excel: its faults by row first, then who would stand, then the roster", async ({ as }) => {
  const lead = await as("watch lead, police", "#duty/roster");
  await lead.getByRole("button", { name: "Bring in a roster from Excel" }).press("Enter");
  const form = lead.getByRole("dialog");
  const [download] = await Promise.all([lead.waitForEvent("download"), form.getByRole("button", { name: "Template" }).click()]);
  const sheet = (await download.path())!;
  const file = (buffer: Buffer) => ({ name: "roster.xlsx", mimeType: "application/octet-stream", buffer });
  await form.getByLabel("Excel file (.xlsx)").setInputFiles(file(filled(sheet, "soon")));
  await form.getByRole("button", { name: "Check" }).click();
  const fault = form.getByRole("row").filter({ hasText: "from_day" });
  await expect(fault).toContainText("2");
  await expect(fault).toContainText("“soon” is no day; write it as 2026-01-31.");
  await expect(form.getByRole("button", { name: "Take it in" })).toHaveCount(0);
  expect(await cutOff(lead)).toEqual([]);
  expect(await grave(lead)).toEqual([]);
  const day = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  await form.getByLabel("Excel file (.xlsx)").setInputFiles(file(filled(sheet, day)));
  await form.getByRole("button", { name: "Check" }).click();
  await expect(form.getByText(`from ${day} on`)).toBeVisible();
  await expect(form.getByRole("listitem").filter({ hasText: "Team A" })).toContainText("(");
  await lead.screenshot({ path: "test-results/roster-import.png" });
  await form.getByRole("button", { name: "Take it in" }).click();
  await expect(form.getByRole("status")).toContainText("Taken");
  // Another file in the same dialog is another roster.
  const later = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
  await form.getByLabel("Excel file (.xlsx)").setInputFiles(file(filled(sheet, later)));
  await form.getByRole("button", { name: "Check" }).click();
  await form.getByRole("button", { name: "Take it in" }).click();
  await expect(form.getByRole("status")).toContainText(`from ${later} on`);
  await expect(form.getByRole("status")).toContainText("Taken");
});

test("whom no device reaches is called, and the answer is written down", async ({ as }) => {
  test.slow();
  const lead = await as("watch lead, police", "#duty/notices");
  const list = lead.getByRole("region", { name: "What was told" }).getByRole("listitem");
  const told = list.filter({ hasText: SAIL });
  await expect(told).toContainText("on its way");
  const call = lead.getByRole("region", { name: "To be called" }).getByRole("listitem").filter({ hasText: SAIL });
  await expect(call).toBeVisible({ timeout: 120_000 });
  await expect(lead.getByRole("link", { name: /^Notices.*\d/ })).toBeVisible();
  expect(await cutOff(lead)).toEqual([]);
  expect(await grave(lead)).toEqual([]);
  await lead.screenshot({ path: "test-results/duty-notices.png" });
  await call.getByRole("button", { name: "Write down the call to 值班员（海警）" }).press("Enter");
  const form = lead.getByRole("dialog");
  await form.getByLabel("By").selectOption("VHF");
  await form.getByLabel("What was answered").fill("Channel 16: in ten minutes");
  await form.getByRole("button", { name: "Write" }).press("Enter");
  await expect(call).toHaveCount(0);
  await expect(told).toContainText("takes it");
  await told.getByText("How it went").click();
  await expect(told.locator(".log")).toContainText("VHF · Channel 16: in ten minutes");

  await lead.getByRole("button", { name: "Tell the watch" }).press("Enter");
  await form.getByLabel("What they are told").fill("Come to the quay");
  for (const box of await form.getByRole("checkbox").all()) await box.uncheck();
  await expect(form.getByRole("button", { name: "Tell them" })).toBeDisabled();
  await form.getByRole("checkbox", { name: "值班员（海警）" }).check();
  await form.getByRole("button", { name: "Tell them" }).press("Enter");
  await expect(list.filter({ hasText: "Come to the quay" })).toContainText("on its way");
});
