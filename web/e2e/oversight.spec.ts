import { readFileSync, writeFileSync, mkdtempSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cutOff, expect, grave, test } from "./desk.ts";

const LITTORAL = process.env.LITTORAL ?? fileURLToPath(new URL("../../.venv/bin/littoral", import.meta.url));

test("the state of log, witnesses and policies stands first", async ({ as }) => {
  const page = await as("auditor");
  await expect(page.getByRole("link", { name: "Map" })).toHaveCount(0); // an auditor sees no picture
  await page.getByRole("link", { name: "Oversight" }).click();
  await expect(page.getByRole("region", { name: "The log" })).toContainText("Witnesses have cosigned the newest checkpoint.");
  await expect(page.getByRole("table", { name: "Witnesses" }).getByRole("row")).toHaveCount(3);
  await expect(page.getByRole("region", { name: "Policies" })).toContainText("Two accounts signed it.");
  expect(await cutOff(page)).toEqual([]);
  expect(await grave(page)).toEqual([]);
});

test("accesses are filtered, and an entry's proof is verified by the browser and by the command", async ({ as }) => {
  const page = await as("auditor", "#oversight/accesses");
  const table = page.getByRole("table", { name: "Accesses" });
  await expect(table.getByRole("row").nth(3)).toBeVisible();
  await page.getByRole("combobox", { name: "What", exact: true }).selectOption("person.read");
  await page.getByLabel("Who (login)").fill("demo.health");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(table.getByRole("row").nth(1)).toContainText("see a person's data");
  await expect(table).not.toContainText("signed in");
  for (const row of (await table.getByRole("row").all()).slice(1)) await expect(row).toContainText("demo.health");
  await table.getByRole("button", { name: /^Entry \d+$/ }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Verify in this browser" }).click();
  await expect(dialog.getByRole("status")).toContainText(/^Proved\. Entry \d+ is in the signed checkpoint of littoral\.invalid/);
  expect(await grave(page)).toEqual([]);
  const coming = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Download the proof" }).click();
  const file = join(mkdtempSync(join(tmpdir(), "littoral-e2e-")), "entry.tlog-proof");
  await (await coming).saveAs(file);
  await dialog.getByText("Bytes of the entry, and the key").click();
  const key = await dialog.locator("details pre").last().innerText();
  expect(execFileSync(LITTORAL, ["log", "check", file, "--key", key], { encoding: "utf8" })).toContain("person.read");
  // One changed byte of the entry: the browser says so.
  await page.route("**/oversight/log/*", async (route) => {
    const answer = await route.fetch();
    const json = (await answer.json()) as { raw: string };
    await route.fulfill({ response: answer, json: { ...json, raw: json.raw.replace("person.read", "person.reed") } });
  });
  await page.keyboard.press("Escape");
  await table.getByRole("button", { name: /^Entry \d+$/ }).first().click();
  await dialog.getByRole("button", { name: "Verify in this browser" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Not proved.");
  writeFileSync(file, readFileSync(file, "utf8").replace("index ", "index 1"));
  expect(() => execFileSync(LITTORAL, ["log", "check", file, "--key", key], { stdio: "pipe" })).toThrow();
});

test("a use of break-glass is reviewed by another person, in time", async ({ as }) => {
  const page = await as("auditor", "#oversight/glass");
  const cards = page.getByRole("article", { name: "Use of break-glass" });
  await expect(cards.first()).toContainText(/demo\.watch.*23:5\d:\d\d left/);
  const before = await cards.count();
  const card = cards.first();
  await card.getByRole("button", { name: "Review", exact: true }).click();
  await card.getByRole("button", { name: "Justified", exact: true }).click();
  await expect(card.getByRole("alert")).toHaveText("Say why, in 6 characters or more.");
  await card.getByLabel("Reason").fill("life was at stake");
  expect(await grave(page)).toEqual([]);
  await card.getByRole("button", { name: "Justified", exact: true }).click();
  await expect(cards).toHaveCount(before - 1);
  await page.getByLabel("State of reviews").selectOption("done");
  await expect(cards.first()).toContainText("justified");
});

test("patterns are told as facts, retention has a preview with its rule, holds their document, the report is a file", async ({ as }) => {
  const page = await as("data protection officer, customs", "#oversight/patterns");
  await expect(page.locator(".page")).toContainText("no score and no rank of anybody");
  expect(await grave(page)).toEqual([]);
  await page.getByRole("link", { name: "Retention and holds" }).click();
  // Of customs alone nothing has an end yet: what is kept for an epidemic is the health authority's.
  await expect(page.getByRole("region", { name: "Retention", exact: true })).toContainText("Nothing that is kept has a date of erasure yet");
  await expect(page.getByRole("table", { name: "Legal holds" })).toContainText("demo order 1");
  expect(await grave(page)).toEqual([]);
  await page.getByRole("link", { name: "Persons' requests" }).click();
  // The demo's officer has a case for persons who ask; this number is the skipper's, whom an investigator looked up.
  await page.getByRole("textbox", { name: "Number" }).fill("000000198001010010");
  await page.getByRole("button", { name: "Look up" }).click();
  await expect(page.getByRole("table", { name: "What was looked up about a person" })).toContainText("customs");
  // What is under a legal hold is not erased; once it is lifted, by an order, it may be asked for.
  const erase = async () => {
    await page.getByRole("table", { name: "Kept about this person" }).getByRole("button", { name: "Ask to erase" }).first().click();
    await dialog.getByLabel("Reason").fill("asks for it in writing");
    await dialog.getByRole("button", { name: "Ask to erase" }).click();
  };
  const dialog = page.getByRole("dialog");
  await erase();
  await expect(dialog.getByRole("alert")).toContainText("legal hold");
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Retention and holds" }).click();
  await page.getByRole("table", { name: "Legal holds" }).getByRole("button", { name: "Lift" }).click();
  await dialog.getByLabel("Number of the order or decision to lift it").fill("demo order 2");
  await dialog.getByRole("button", { name: "Lift" }).click();
  await expect(page.getByText("An erasure that was refused because of it has to be asked for again.")).toBeVisible();
  await expect(page.getByText("No legal hold is in force.")).toBeVisible();
  await page.getByRole("link", { name: "Persons' requests" }).click();
  await page.getByRole("textbox", { name: "Number" }).fill("000000198001010010");
  await page.getByRole("button", { name: "Look up" }).click();
  // Erasing takes two: the officer asks, and may only take it back.
  await erase();
  await expect(dialog).toBeHidden();
  await page.getByRole("link", { name: "Retention and holds" }).click();
  const card = page.getByRole("article", { name: /^Erasure on request: / });
  await expect(card).toContainText("asks for it in writing");
  await expect(card.getByRole("button", { name: "Agree and erase" })).toHaveCount(0);
  expect(await grave(page)).toEqual([]);
  await card.getByRole("button", { name: "Take back" }).click();
  await expect(card).toContainText("taken back");
  // What a court orders names its document; the second officer of the agency agrees.
  await page.getByRole("link", { name: "Persons' requests" }).click();
  await page.getByRole("textbox", { name: "Number" }).fill("000000198001010010");
  await page.getByRole("button", { name: "Look up" }).click();
  await page.getByRole("table", { name: "Kept about this person" }).getByRole("button", { name: "Ask to erase" }).first().click();
  await dialog.getByLabel("On what ground").selectOption("court_order");
  await dialog.getByLabel("Reason").fill("the court found for him");
  await expect(dialog.getByRole("button", { name: "Ask to erase" })).toBeDisabled();
  await dialog.getByLabel("Number of the court's order").fill("demo order 3");
  await dialog.getByRole("button", { name: "Ask to erase" }).click();
  await expect(dialog).toBeHidden();
  const second = await as("second data protection officer, customs", "#oversight/retention");
  const waiting = second.getByRole("article", { name: /^Erasure on request: / }).filter({ hasText: "demo order 3" });
  await expect(waiting).toContainText("A court orders it");
  // What it is about: under which case the data was collected, for what, by whom.
  await expect(waiting.getByRole("heading")).toHaveText("A person in: 夜间快艇走私线索（演示） / night speedboat, smuggling (demo)");
  await expect(waiting).toContainText("Anti-smuggling");
  await expect(waiting).toContainText("Hainan · customs");
  await waiting.getByLabel("Reason").fill("seen the order");
  await waiting.getByRole("button", { name: "Agree and erase" }).click();
  await expect(waiting.getByRole("alert")).toHaveText("Confirm first that it may be erased for good."); // nothing was sent, so nothing is to be reloaded
  await waiting.getByLabel("I have seen the ground: it may be erased for good").check();
  await waiting.getByRole("button", { name: "Agree and erase" }).click();
  await expect(waiting).toContainText(/Proof: entry \d+ of the log/);
  await page.getByRole("link", { name: "Yearly report" }).click();
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download JSON" }).click();
  const text = (await (await (await coming).createReadStream()).toArray()).join("");
  expect((JSON.parse(text) as { year: number }).year).toBe(new Date().getFullYear());
});

test("an impact assessment is written by one and agreed to by another, and what lacks one is named", async ({ as }) => {
  const writer = await as("second data protection officer, customs", "#oversight/assessments");
  const list = (page: typeof writer) => page.getByRole("table", { name: "Impact assessments" });
  await expect(list(writer).getByRole("row", { name: /Border control/ })).toContainText("waits for a second person");
  expect(await cutOff(writer)).toEqual([]);
  await writer.getByRole("button", { name: "Write one" }).click();
  const dialog = writer.getByRole("dialog");
  const send = dialog.getByRole("button", { name: "Write one" });
  await expect(send).toBeDisabled();
  await dialog.getByRole("combobox", { name: "Purpose" }).selectOption("epidemic_control");
  await dialog.getByRole("checkbox", { name: "Health" }).check();
  await dialog.getByLabel("Are purpose and manner").fill("Necessary by law where somebody comes ashore with a fever.");
  await dialog.getByLabel("Influence on the rights").fill("Who is ill becomes known to the officers at the quay.");
  await dialog.getByLabel("Are the protective measures").fill("Sealed, by case and for hours, each look in the log.");
  expect(await grave(writer)).toEqual([]);
  await send.click();
  const row = list(writer).getByRole("row", { name: /Epidemic control/ });
  await expect(row).toContainText("waits for a second person");
  const second = await as("data protection officer, customs", "#oversight/assessments");
  await list(second).getByRole("row", { name: /Epidemic control/ }).getByRole("button", { name: "Read" }).click();
  await expect(second.getByText("comes ashore with a fever")).toBeVisible();
  await second.getByLabel("Reason").fill("read, and fit");
  await second.getByRole("button", { name: "Agree" }).click();
  await expect(list(second).getByRole("row", { name: /Epidemic control/ })).toContainText("in force");
  expect(await grave(second)).toEqual([]);
  const auditor = await as("auditor", "#oversight/assessments");
  await expect(list(auditor).getByRole("row")).toHaveCount(5);
  await expect(auditor.getByRole("button", { name: "Write one" })).toHaveCount(0);
});

test("telling a person is delayed by an order and told again by another, by who may delay", async ({ as }) => {
  const page = await as("agency lead, customs", "#oversight/persons");
  const delays = page.getByRole("region", { name: "Delays of telling" });
  await expect(delays).toContainText("Nothing is delayed.");
  await delays.getByRole("button", { name: "Delay telling" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Case" }).selectOption({ label: "夜间快艇走私线索（演示） / night speedboat, smuggling (demo)" });
  await dialog.getByLabel("Legal basis").selectOption("statutory_duty");
  await dialog.getByLabel("Document").fill("demo order 4");
  expect(await grave(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Delay telling" }).click();
  const table = delays.getByRole("table", { name: "Delays of telling" });
  await expect(table).toContainText("demo order 4");
  const officer = await as("data protection officer, customs", "#oversight/persons");
  await expect(officer.getByRole("table", { name: "Delays of telling" })).toContainText("demo order 4");
  await expect(officer.getByRole("button", { name: "End the delay" })).toHaveCount(0); // sees it, sets and ends none
  await table.getByRole("button", { name: "End the delay" }).click();
  await expect(dialog.getByRole("button", { name: "End the delay" })).toBeDisabled();
  await dialog.getByLabel("Number of the order or decision to end it").fill("demo order 5");
  await dialog.getByRole("button", { name: "End the delay" }).click();
  await expect(delays).toContainText("Nothing is delayed.");
  expect(await cutOff(page)).toEqual([]);
  expect(await grave(page)).toEqual([]);
});

test("who may not oversee is told so instead of shown empty tabs", async ({ as }) => {
  const clerk = await as("county clerk, Haikou", "#oversight");
  await expect(clerk.getByRole("main")).toHaveText(/None of your roles opens this page/);
  await expect(clerk.getByRole("main").getByRole("navigation")).toHaveCount(0);
  await expect(clerk.getByRole("link", { name: "Oversight" })).toHaveCount(0);
});
