/** The phone in a real browser, with the network really cut. Each case ends with nothing lost and the user told. */
import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { uuid7 } from "../client/uuid7.ts";
import { CLERK, entries, expect, GRID, LEAD, post, ready, tab, test, VIEW } from "./handset.ts";

async function fill(page: Page, what: string, photo?: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  await tab(page, "Report");
  await page.getByLabel("What happens").fill(what);
  await page.getByLabel("Type", { exact: true }).selectOption("landing");
  await page.getByRole("button", { name: "Take my position" }).click();
  await expect(page.getByLabel("Latitude")).toHaveValue("20.044100");
  if (photo) await page.getByLabel("Photo, video, recording").setInputFiles(photo);
}

const send = (page: Page): Promise<void> => page.getByRole("button", { name: "Report", exact: true }).click();

/** A JPEG of that many bytes by its first ones; the rest is noise, as of a camera. */
function photo(bytes: number): { name: string; mimeType: string; buffer: Buffer } {
  const buffer = Buffer.alloc(bytes);
  for (let i = 0, x = bytes; i < bytes; i++) buffer[i] = (x = (x * 1103515245 + 12345) & 0x7fffffff) >> 16;
  Buffer.from([0xff, 0xd8, 0xff, 0xe0]).copy(buffer);
  return { name: "beach.jpg", mimeType: "image/jpeg", buffer };
}

interface Shown {
  items: { id: string; title: string; version: number }[];
}

/** Incidents of that title, by the API as the page's user sees them. */
async function titled(page: Page, title: string): Promise<Shown["items"]> {
  const answer = await page.request.get(new URL("/api/v1/incidents?limit=500", page.url()).href);
  expect(answer.status()).toBe(200);
  return ((await answer.json()) as Shown).items.filter((i) => i.title === title);
}

const step = (page: Page, incident: string, kind: string, more: object): Promise<void> =>
  post(page, `/incidents/${incident}/steps`, { id: uuid7(), kind, ...more });

test("offline: written, closed, opened again, and on the watch's board once there is a network", async ({ handset, desk }) => {
  const phone = await handset(GRID);
  let page = await phone.open();
  await ready(page);
  await phone.context.setOffline(true);
  await page.close();
  page = await phone.open(); // from what lies on the phone
  await expect(page.getByText("No network")).toBeVisible();
  await fill(page, "Four crates left on the beach at night", photo(90_000));
  await send(page);
  await expect(page.getByText("Kept in the outgoing queue.")).toBeVisible();
  await tab(page, "Report");
  await page.getByLabel("What happens").fill("A second report, not finished");
  await page.waitForFunction(() => document.querySelector("details summary")?.textContent?.includes("1"));
  await page.close();
  page = await phone.open("queue");
  await expect(entries(page)).toHaveCount(2);
  await expect(entries(page).first()).toContainText("Waiting");
  await page.screenshot({ path: "test-results/phone-offline.png" });
  await phone.context.setOffline(false);
  await expect(entries(page).filter({ hasText: "Sent" })).toHaveCount(2);
  const lead = await desk(CLERK);
  await expect(lead.getByRole("region", { name: "List of incidents" })).toContainText("Four crates left on the beach at night");
  const [made] = await titled(lead, "Four crates left on the beach at night");
  const sent = await lead.request.get(new URL(`/api/v1/incidents/${made!.id}/submissions`, lead.url()).href);
  const { items } = (await sent.json()) as { items: { file: { size: number } | null }[] };
  expect(items.map((i) => i.file?.size)).toEqual([90_000]);
  await tab(page, "Matters");
  await expect(page.getByRole("link", { name: /Four crates/ })).toBeVisible();
  await tab(page, "Report");
  await expect(page.getByLabel("What happens")).toHaveValue("A second report, not finished");
});

test("conflict: the loser is told, sees both, and restores", async ({ handset, desk }) => {
  const phone = await handset(CLERK);
  const page = await phone.open();
  await ready(page);
  await fill(page, "A boat near the pier");
  await send(page);
  const lead = await desk(LEAD);
  await expect.poll(async () => (await titled(lead, "A boat near the pier")).length).toBe(1);
  const [made] = await titled(lead, "A boat near the pier");
  await tab(page, "Matters");
  await page.getByRole("link", { name: /A boat near the pier/ }).click();
  await phone.context.setOffline(true);
  await page.getByText("Correct", { exact: true }).click();
  await page.getByLabel("Text").fill("Two boats near the pier");
  await page.getByLabel("Severity").selectOption("serious");
  await page.getByRole("button", { name: "Send correction" }).click();
  await step(lead, made!.id, "edit", { title: "Three boats near the pier", seen: { title: "A boat near the pier" } });
  await phone.context.setOffline(false);
  await tab(page, "Outgoing");
  const clash = page.locator(".entry.conflict");
  await expect(clash).toContainText("Somebody else changed it first");
  await expect(clash.locator(".yours")).toHaveText("Two boats near the pier");
  await expect(clash.locator(".theirs")).toHaveText("Three boats near the pier");
  await page.screenshot({ path: "test-results/phone-conflict.png" });
  // The field that nobody else changed was taken.
  const answer = await lead.request.get(new URL(`/api/v1/incidents/${made!.id}`, lead.url()).href);
  expect(await answer.json()).toMatchObject({ title: "Three boats near the pier", severity: "serious" });
  await clash.getByRole("button", { name: "Restore mine" }).click();
  await expect(page.getByText("Sent again as a correction")).toBeVisible();
  await expect.poll(async () => (await titled(lead, "Two boats near the pier")).length).toBe(1);
});

test("checklist: ticked without a network, and signed on the desk's page once there is one", async ({ handset, desk }) => {
  const phone = await handset(CLERK);
  const page = await phone.open();
  await ready(page);
  await fill(page, "People came ashore by the lighthouse");
  await send(page);
  const lead = await desk(LEAD);
  await expect.poll(async () => (await titled(lead, "People came ashore by the lighthouse")).length).toBe(1);
  await tab(page, "Matters");
  await page.getByRole("link", { name: /People came ashore/ }).click();
  await phone.context.setOffline(true);
  const list = page.getByRole("region", { name: "Checklist" });
  const item = list.getByRole("listitem").filter({ hasText: "Anybody in the water" });
  await item.getByRole("button", { name: /^Tick/ }).click();
  await expect(item).toContainText("waits to be sent");
  await page.screenshot({ path: "test-results/phone-checklist.png", fullPage: true });
  await phone.context.setOffline(false);
  await expect(item).toContainText("ticked by");
  await lead.getByRole("link", { name: /People came ashore/ }).click();
  const there = lead.getByRole("list", { name: "Checklist" }).getByRole("listitem").filter({ hasText: "Anybody in the water" });
  await expect(there).toContainText("ticked by");
});

test("moved: what was written for it is with the unit that has it now", async ({ handset, desk }) => {
  const phone = await handset(CLERK);
  const page = await phone.open();
  await ready(page);
  await fill(page, "Drifting net off the cape");
  await send(page);
  const lead = await desk(LEAD);
  await expect.poll(async () => (await titled(lead, "Drifting net off the cape")).length).toBe(1);
  const [made] = await titled(lead, "Drifting net off the cape");
  await tab(page, "Matters");
  await page.getByRole("link", { name: /Drifting net/ }).click();
  await phone.context.setOffline(true);
  await page.locator("summary", { hasText: "Add to it" }).click();
  await page.getByLabel("Add to it").fill("It blocks the channel");
  await page.getByRole("button", { name: "Send addition" }).click();
  // Taken over by the province, and put where it really lies.
  await step(lead, made!.id, "transfer", { to: "460000", reason: "It lies off Sanya" });
  await step(lead, made!.id, "take_over", {});
  await step(lead, made!.id, "edit", { area: "460200", seen: { area: "460100" } });
  await phone.context.setOffline(false);
  await tab(page, "Outgoing");
  await expect(page.locator(".entry.moved")).toContainText("it is not lost");
  await expect(page.getByRole("status").filter({ hasText: "Drifting net off the cape" })).toContainText("Removed from this phone");
  await page.screenshot({ path: "test-results/phone-moved.png" });
  const sent = await lead.request.get(new URL(`/api/v1/incidents/${made!.id}/submissions`, lead.url()).href);
  const { items } = (await sent.json()) as { items: { moved: boolean; fields: { text: string } }[] };
  expect(items.map((i) => [i.moved, i.fields.text])).toEqual([[true, "It blocks the channel"]]);
});

/** Whether the browser refuses to keep 100 kB more. */
const refuses = (page: Page): Promise<boolean> =>
  page.evaluate(
    () => new Promise<boolean>((resolve) => {
      const asked = indexedDB.open("littoral-phone");
      asked.onsuccess = () => {
        const end = (refused: boolean): void => {
          asked.result.close();
          resolve(refused);
        };
        const tx = asked.result.transaction("meta", "readwrite");
        tx.objectStore("meta").put({ key: "filler", value: "x".repeat(100_000) });
        tx.oncomplete = () => end(false);
        tx.onabort = () => end(true);
      };
    }),
  );

test("quota full: told at once, kept in the form, saved to a file, sent when there is room", async ({ handset, desk, staff }) => {
  test.setTimeout(300_000);
  const phone = await handset(GRID);
  const page = await phone.open();
  await ready(page);
  await phone.context.setOffline(true);
  const browser = await phone.context.newCDPSession(page);
  const { usage } = await page.evaluate(() => navigator.storage.estimate());
  await browser.send("Storage.overrideQuotaForOrigin", { origin: staff.url, quotaSize: Math.max(1, usage ?? 0) });
  // Chromium remembers for half a minute how much room there was.
  await expect.poll(() => refuses(page), { timeout: 90_000 }).toBe(true);
  await fill(page, "Oil on the water, the phone is full", photo(400_000));
  await send(page);
  const told = page.getByRole("alert").filter({ hasText: "storage is full" });
  await expect(told).toBeVisible();
  await page.screenshot({ path: "test-results/phone-full.png" });
  await expect(page.getByLabel("What happens")).toHaveValue("Oil on the water, the phone is full");
  const [file] = await Promise.all([page.waitForEvent("download"), told.getByRole("button", { name: "Save to a file" }).click()]);
  const saved = JSON.parse(readFileSync(await file.path(), "utf8")) as { records: { kind: string }[]; files: { base64: string }[] };
  expect(saved.records.map((r) => r.kind)).toEqual(["incident.report", "incident.file"]);
  expect(Buffer.from(saved.files[0]!.base64, "base64").length).toBe(400_000);
  await browser.send("Storage.overrideQuotaForOrigin", { origin: staff.url });
  await expect.poll(() => refuses(page), { timeout: 90_000 }).toBe(false);
  await told.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("Kept in the outgoing queue.")).toBeVisible();
  await phone.context.setOffline(false);
  await tab(page, "Outgoing");
  await expect(entries(page).filter({ hasText: "Sent" })).toHaveCount(2);
  const lead = await desk(CLERK);
  expect(await titled(lead, "Oil on the water, the phone is full")).toHaveLength(1);
});

test("the queue goes by a file to another phone of the same account, and is sent once", async ({ handset, desk }) => {
  const first = await handset(GRID);
  const page = await first.open();
  await ready(page);
  await first.context.setOffline(true);
  await fill(page, "Written on the phone that broke", photo(50_000));
  await send(page);
  await tab(page, "Outgoing");
  await expect(entries(page)).toHaveCount(2);
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save what is not sent" }).click()]);
  const second = await handset(GRID);
  const other = await second.open("queue");
  await other.getByLabel("Load from a file").setInputFiles(await file.path());
  await expect(other.getByText("2 loaded, 0 were there already.")).toBeVisible();
  await expect(entries(other).filter({ hasText: "Sent" })).toHaveCount(2);
  await first.context.setOffline(false); // the first one comes to life again
  await expect(entries(page).filter({ hasText: "Sent" })).toHaveCount(2);
  const lead = await desk(CLERK);
  expect(await titled(lead, "Written on the phone that broke")).toHaveLength(1);
  const foreign = await handset(CLERK);
  const stranger = await foreign.open("queue");
  await stranger.getByLabel("Load from a file").setInputFiles(await file.path());
  await expect(stranger.getByText("no file of this account's outgoing queue")).toBeVisible();
});

test("clock wrong: told by how much, and the report stands at the time when it was made", async ({ handset, desk }) => {
  const phone = await handset(GRID);
  let page = await phone.open();
  await ready(page);
  await page.close();
  await phone.context.clock.install({ time: Date.now() + 3 * 3_600_000 });
  page = await phone.open();
  await phone.context.setOffline(true);
  await fill(page, "Written by a clock that is three hours fast");
  await send(page);
  const madeMs = Date.now();
  await phone.context.setOffline(false);
  await expect(page.getByRole("alert").filter({ hasText: "clock is" })).toContainText(/clock is (3 h 0|2 h 59) min fast/);
  const lead = await desk(CLERK);
  await expect.poll(async () => (await titled(lead, "Written by a clock that is three hours fast")).length).toBe(1);
  const [made] = (await titled(lead, "Written by a clock that is three hours fast")) as unknown as { opened: string }[];
  expect(Math.abs(Date.parse(made!.opened) - madeMs)).toBeLessThan(60_000);
});

test("half-sent: the rest of the file goes on from where the server is, after the page was closed", async ({ handset }) => {
  const phone = await handset(GRID);
  const offsets: number[] = [];
  let cut = false;
  // Before the page opens: what is on its way while a browser begins to watch its requests may hang.
  await phone.context.route("**/api/v1/sync/uploads/*", async (route) => {
    const request = route.request();
    if (request.method() !== "PATCH") return route.continue();
    const offset = Number(request.headers()["upload-offset"]);
    if (cut && offset > 0) return route.abort("connectionfailed");
    offsets.push(offset);
    return route.continue();
  });
  // No answer tells the first page that the network is back: what it would have waited for dies with it.
  await phone.context.route("**/api/v1/sync/changes", (route) => (cut ? route.abort("connectionfailed") : route.continue()));
  let page = await phone.open();
  await ready(page);
  cut = true;
  await fill(page, "A long video of the beach", photo(700_000));
  await send(page);
  await expect.poll(() => offsets, { timeout: 60_000 }).toEqual([0]);
  await tab(page, "Outgoing");
  await expect(entries(page).filter({ hasText: "Report" }).filter({ hasText: "Sent" })).toHaveCount(1); // it does not wait for its file
  await page.close();
  cut = false;
  page = await phone.open("queue");
  await expect(entries(page).filter({ hasText: "Sent" })).toHaveCount(2);
  expect(offsets.filter((o) => o === 0)).toHaveLength(1); // nothing was sent twice
  expect(offsets[1]).toBe(262_144);
});

test("dead line: what never answers holds up nothing for ever", async ({ handset }) => {
  const phone = await handset(GRID);
  let dead = false;
  let hung = 0;
  await phone.context.route("**/api/v1/sync/changes", (route) => {
    if (!dead) return route.continue();
    hung += 1; // and no answer, as in a hole of coverage where the connection stands
    return undefined;
  });
  const page = await phone.open();
  await ready(page);
  await tab(page, "Matters");
  const now = page.getByRole("button", { name: "Sync now" });
  await expect(now).toBeEnabled(); // what it asked when it was opened is answered
  dead = true;
  await now.click();
  await expect.poll(() => hung).toBeGreaterThan(0);
  await fill(page, "Written while the line is dead");
  await send(page);
  await tab(page, "Outgoing");
  dead = false;
  await expect(entries(page).filter({ hasText: "Sent" })).toHaveCount(1, { timeout: 60_000 });
});

test("one bad record: set aside with the rule's sentence, and the others go", async ({ handset, desk }) => {
  const phone = await handset(GRID);
  const page = await phone.open();
  await ready(page);
  await phone.context.setOffline(true);
  await fill(page, "The good one before");
  await send(page);
  await expect(page.getByText("Kept in the outgoing queue.")).toBeVisible();
  await fill(page, "The bad one");
  await page.getByLabel("Latitude").fill("120"); // there is no such place
  await send(page);
  await expect(page.getByText("Kept in the outgoing queue.")).toBeVisible();
  await fill(page, "The good one after");
  await send(page);
  await expect(page.getByText("Kept in the outgoing queue.")).toBeVisible();
  await phone.context.setOffline(false);
  await tab(page, "Outgoing");
  await expect(entries(page).filter({ hasText: "Sent" })).toHaveCount(2);
  const bad = page.locator(".entry.aside");
  await expect(bad).toContainText("The bad one");
  await expect(bad.locator(".reason")).toContainText("lat");
  await expect(page.getByRole("link", { name: /Outgoing/ })).toContainText("1");
  await page.screenshot({ path: "test-results/phone-aside.png" });
  const lead = await desk(CLERK);
  expect(await titled(lead, "The good one before")).toHaveLength(1);
  expect(await titled(lead, "The good one after")).toHaveLength(1);
  await page.reload();
  await expect(bad).toContainText("The bad one");
});

test("signing out leaves nothing of others on the phone, and the queue of its owner", async ({ handset }) => {
  const phone = await handset(CLERK);
  const page = await phone.open();
  await ready(page);
  await fill(page, "Known to the clerk alone");
  await send(page);
  await tab(page, "Matters");
  await expect(page.getByRole("link", { name: /Known to the clerk/ })).toBeVisible();
  await phone.context.setOffline(true);
  await fill(page, "Not sent yet");
  await send(page);
  await expect(page.getByText("Kept in the outgoing queue.")).toBeVisible();
  await tab(page, "Phone");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "1 not sent yet" })).toBeVisible();
  await page.getByRole("button", { name: "Sign out all the same" }).click();
  await expect(page.getByRole("heading", { name: "Littoral" })).toBeVisible();
  const left = await page.evaluate(
    () => new Promise<Record<string, number>>((resolve) => {
      const asked = indexedDB.open("littoral-phone");
      asked.onsuccess = () => {
        const found: Record<string, number> = {};
        const names = ["held", "queue", "drafts"];
        const tx = asked.result.transaction(names);
        for (const name of names) tx.objectStore(name).count().onsuccess = (e) => (found[name] = (e.target as IDBRequest<number>).result);
        tx.oncomplete = () => resolve(found);
      };
    }),
  );
  expect(left).toEqual({ held: 0, queue: 2, drafts: 0 });
});

test("is readable and usable: no serious finding of axe, by day and by night, nothing cut off", async ({ handset }) => {
  const phone = await handset(GRID);
  const page = await phone.open();
  await ready(page);
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const name of ["Matters", "Report", "Outgoing", "Phone"]) {
      await tab(page, name);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => `${scheme} ${name} ${v.id}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(VIEW.width);
    }
  }
  await tab(page, "Report");
  await page.screenshot({ path: "test-results/phone-report.png" });
});
