import type { Locator, Page } from "@playwright/test";
import { cutOff, expect, grave, test } from "./desk.ts";

const NUMBER = "460100199001011234";

async function openCase(page: Page, title: string): Promise<void> {
  await page.getByRole("button", { name: "New case" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Title").fill(title);
  await dialog.getByRole("button", { name: "Open the case" }).click();
  await expect(page.getByRole("heading", { name: title })).toBeVisible();
}

async function addPerson(page: Page, name: string, phone: string): Promise<void> {
  await page.getByRole("button", { name: "Add a person" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Telephone").fill(phone);
  await dialog.getByLabel("One more field").selectOption("id_number");
  await dialog.getByLabel("Identity number (sensitive)").fill(NUMBER);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
}

const block = (page: Page, name: string): Locator => page.getByRole("region", { name, exact: true });

test("persons of a case are masked, shown plain under an access, and hide themselves when it ends", async ({ as }) => {
  const page = await as("investigator, customs", "#cases");
  await openCase(page, "Frozen goods by night");
  await addPerson(page, "林海生", "13876543210");
  await addPerson(page, "王建国", "13912340000");
  const persons = block(page, "Persons, masked");
  await expect(persons.getByRole("row")).toHaveCount(3);
  await expect(persons).toContainText("林*");
  await expect(persons).toContainText("138****3210");
  await expect(persons).not.toContainText("林海生");
  await persons.getByRole("checkbox", { name: "Person 1" }).check();
  await page.getByRole("button", { name: "Ask for access" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("compare with the passenger list");
  await expect(dialog).toContainText("nobody else has to approve");
  await dialog.getByRole("button", { name: "Ask", exact: true }).click();
  const grants = block(page, "Accesses");
  await grants.getByRole("button", { name: "Use" }).click();
  await grants.getByRole("button", { name: "Show plain (1)" }).click();
  const plain = grants.getByRole("table", { name: "Plain fields" });
  await expect(plain).toContainText("林海生");
  await expect(plain).not.toContainText(NUMBER); // sensitive: another access
  await expect(grants.getByRole("timer")).toHaveText(/^(1:00:00|0:59:\d\d)$/);
  expect(await page.evaluate(() => JSON.stringify(localStorage) + location.href)).not.toMatch(/林海生|13876543210/);
  expect(await cutOff(page)).toEqual([]);
  expect(await grave(page)).toEqual([]);
  // An hour later by the page's clock: the server's time comes with its answers, the page counts on.
  await page.clock.install();
  await page.clock.fastForward("01:00:05");
  await expect(page.getByText("林海生")).toHaveCount(0);
});

test("a wrong field is corrected under an access, and both tables say so", async ({ as }) => {
  const page = await as("investigator, customs", "#cases");
  await openCase(page, "A number mistyped");
  await addPerson(page, "符海燕", "13876540000");
  await block(page, "Persons, masked").getByRole("checkbox", { name: "Person 1" }).check();
  await page.getByRole("button", { name: "Ask for access" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("the number was mistyped");
  await dialog.getByRole("button", { name: "Ask", exact: true }).click();
  const grants = block(page, "Accesses");
  await grants.getByRole("button", { name: "Use" }).click();
  await grants.getByRole("button", { name: "Show plain (1)" }).click();
  await grants.getByRole("button", { name: "Correct" }).click();
  await dialog.getByLabel("Telephone").fill("13700001234");
  const send = dialog.getByRole("button", { name: "Correct" });
  await expect(send).toBeDisabled(); // not confirmed yet
  await dialog.getByRole("checkbox", { name: "The 1 changed field is right as written here" }).check();
  expect(await grave(page)).toEqual([]);
  await send.click();
  await expect(dialog).toBeHidden();
  await expect(grants.getByRole("table", { name: "Plain fields" })).toContainText(/13700001234\s*corrected/);
  await expect(block(page, "Persons, masked")).toContainText(/137\*\*\*\*1234\s*corrected/);
});

test("what is sensitive waits for another person, who sees why", async ({ as }) => {
  const page = await as("investigator, customs", "#cases");
  await openCase(page, "Who was aboard");
  await addPerson(page, "陈阿水", "13700001111");
  await block(page, "Persons, masked").getByRole("checkbox", { name: "Person 1" }).check();
  await page.getByRole("button", { name: "Ask for access" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("identity is in doubt");
  await dialog.getByRole("checkbox", { name: /With sensitive fields/ }).check();
  await expect(dialog).toContainText("Another person has to approve it.");
  await dialog.getByRole("button", { name: "Ask", exact: true }).click();
  await expect(block(page, "Accesses")).toContainText("waits for approval");
  const lead = await as("agency lead, customs", new URL(page.url()).hash);
  const row = block(lead, "Accesses").getByRole("row", { name: /identity is in doubt/ });
  await row.getByRole("button", { name: "Approve" }).click();
  await expect(row).toContainText("approved 1 of 1");
  // The lead may approve, and sees no person; nor does the page ask, which would be a refusal in the log.
  await expect(block(lead, "Persons, masked")).toContainText("Persons are seen by who works on the case with an access; here you approve accesses");
  await expect(block(lead, "Persons, masked").getByRole("alert")).toHaveCount(0);
  await page.reload();
  const grants = block(page, "Accesses");
  await grants.getByRole("button", { name: "Use" }).click();
  await grants.getByRole("button", { name: "Show plain (1)" }).click();
  await expect(grants.getByRole("table", { name: "Plain fields" })).toContainText(NUMBER);
});

test("an export of two persons takes two other persons, and gives a file", async ({ as }) => {
  const page = await as("investigator, customs", "#cases");
  await openCase(page, "List for the prosecutor");
  await addPerson(page, "符大海", "13600002222");
  await addPerson(page, "=1+1", "13600003333");
  for (const name of ["Person 1", "Person 2"]) await page.getByRole("checkbox", { name }).check();
  await page.getByRole("button", { name: "Ask for access" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("handed to the prosecutor");
  await dialog.getByLabel("Kind").selectOption("export");
  await expect(dialog).toContainText("Two other persons have to approve it.");
  await dialog.getByRole("button", { name: "Ask", exact: true }).click();
  await expect(block(page, "Accesses")).toContainText("approved 0 of 2");
  for (const title of ["agency lead, customs", "second agency lead, customs"]) {
    const lead = await as(title, new URL(page.url()).hash);
    await block(lead, "Accesses").getByRole("button", { name: "Approve" }).click();
    await expect(block(lead, "Accesses")).toContainText(title.startsWith("second") ? "approved 2 of 2" : "approved 1 of 2");
  }
  await page.reload();
  await block(page, "Accesses").getByRole("button", { name: "Use" }).click();
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export as CSV (2)" }).click();
  const stream = await (await coming).createReadStream();
  const text = (await stream.toArray()).join("");
  expect(text).toContain("符大海,13600002222");
  expect(text).toContain("'=1+1"); // what a sheet would run as a formula is text
});

test("the glass is broken in one dialog with two fields, and says what follows", async ({ as }) => {
  const page = await as("watch officer, coast guard", "#cases");
  await page.getByRole("button", { name: "Break glass" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Another person reviews it within 24 hours");
  await expect(dialog.getByRole("textbox")).toHaveCount(2);
  await dialog.getByLabel("Why it cannot wait").fill("man overboard, who is he");
  await dialog.getByLabel(/^Whom/).fill("13876543210");
  await expect(dialog).toContainText("Will search by: Telephone");
  await dialog.getByRole("button", { name: "Open now" }).click();
  await expect(page.locator(".toast")).toContainText("The glass is broken");
  const grants = block(page, "Accesses");
  await expect(grants).toContainText("man overboard, who is he");
  await expect(grants.getByRole("timer")).toHaveText(/^(1:00:00|0:59:\d\d)$/);
});

test("evidence is handed in, listed with its hash, copied, and its custody shown", async ({ as }) => {
  const page = await as("investigator, customs", "#cases");
  await openCase(page, "Photos of the landing");
  const evid = block(page, "Evidence");
  await expect(evid).toContainText("No evidence in this case yet.");
  const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  await evid.getByLabel("File (photo, video, sound, document)").setInputFiles({ name: "boat.png", mimeType: "image/png", buffer: png });
  await evid.getByRole("button", { name: "Hand in" }).click();
  const row = evid.getByRole("row", { name: /boat/ });
  await expect(row).toContainText("boat.png");
  await expect(row).toContainText("operational");
  await evid.getByLabel("File (photo, video, sound, document)").setInputFiles({ name: "beach.png", mimeType: "image/png", buffer: Buffer.concat([png, Buffer.from([0])]) });
  await evid.getByRole("button", { name: "Hand in" }).click();
  await expect(evid.getByRole("row", { name: /beach/ })).toBeVisible();
  // Looked at in the page, by the keyboard; the other is not fetched before it is asked for.
  const looks: string[] = [];
  page.on("request", (r) => void (r.url().endsWith("/view") && looks.push(r.url())));
  await row.getByRole("button", { name: "View" }).click();
  const viewer = page.getByRole("dialog");
  await expect(viewer.getByRole("img", { name: "boat.png" })).toHaveJSProperty("naturalWidth", 1);
  expect(looks).toHaveLength(1);
  expect(await grave(page)).toEqual([]);
  const other = (await evid.getByRole("row").nth(1).textContent())?.includes("boat") ? "ArrowRight" : "ArrowLeft";
  await page.keyboard.press(other);
  await expect(viewer.getByRole("img", { name: "beach.png" })).toBeVisible();
  await page.keyboard.press(other); // at the end it stays
  expect(looks).toHaveLength(2);
  await page.keyboard.press("Escape");
  await expect(viewer).toHaveCount(0);
  const coming = page.waitForEvent("download");
  await row.getByRole("button", { name: "Copy", exact: true }).click();
  const bytes = Buffer.concat(await (await (await coming).createReadStream()).toArray());
  expect(bytes.equals(png)).toBe(true);
  await row.getByRole("button", { name: "Custody" }).click();
  await expect(page.getByRole("dialog").getByRole("row")).toHaveCount(4); // head, handed in, looked at, copied
  await expect(page.getByRole("dialog").getByRole("row").nth(1)).toContainText(/\(demo\.[\w.]+\)/); // the name, the login behind it
});

test("the page of cases loads no chart; once opened, the watch goes on behind it", async ({ as }) => {
  const page = await as("investigator, customs", "#cases");
  await expect(page.getByRole("heading", { name: "Cases", level: 2 })).toBeVisible();
  const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map((e) => ({ name: e.name, size: (e as PerformanceResourceTiming).decodedBodySize })));
  expect(loaded.filter((r) => /Watch|webgl|fenceEditor|worker/.test(r.name))).toEqual([]);
  expect(loaded.filter((r) => r.name.endsWith(".js")).reduce((sum, r) => sum + r.size, 0)).toBeLessThan(800_000);
  await page.getByRole("link", { name: "Map" }).click();
  await expect(page.locator(".chart")).toBeVisible();
  await page.getByRole("link", { name: "Cases" }).click();
  await expect(page.locator(".watch[inert]")).toHaveCount(1);
});

test("a county clerk opens cases for two purposes, and closes one", async ({ as }) => {
  const page = await as("county clerk, Sanya", "#cases");
  await expect(page.getByText("Your unit has no case yet. Open one.")).toBeVisible();
  await page.getByRole("button", { name: "New case" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Purpose").locator("option")).toHaveText(["Epidemic control", "Neighbourhood governance"]);
  await dialog.getByLabel("Title").fill("Noise at the harbour");
  await dialog.getByLabel("Purpose").selectOption("neighbourhood_governance");
  await dialog.getByRole("button", { name: "Open the case" }).click();
  await page.getByRole("button", { name: "Close the case" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Close the case" }).click();
  await expect(page.getByText("No case fits the filter.")).toBeVisible();
  await page.getByLabel("State of cases").selectOption("closed");
  await expect(page.getByRole("link", { name: /Noise at the harbour/ })).toBeVisible();
});
