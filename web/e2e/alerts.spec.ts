import type { Page } from "@playwright/test";
import { CHART } from "../map/palette.ts";
import { expect, panel, pixels, STAGE, test } from "./page.ts";
import { position, safetyText } from "./sea/ais.ts";
import type { Sea } from "./sea/server.ts";

/** One way to raise an alert of each priority with what a receiver hears; `n` makes it another. */
const RAISE = {
  1: (sea: Sea, n: number) => {
    const device = { mmsi: 970_123_000 + n, lon: 111.5, lat: 18.2 + 0.05 * n, navStatus: 14 };
    sea.say(position(device, "SANYA", sea.nowMs) + safetyText(device.mmsi, "SART ACTIVE", "SANYA", sea.nowMs));
  },
  2: (sea: Sea, n: number) => sea.say(position({ mmsi: 415_000_000 + n, lon: 111.4, lat: 18.2 + 0.05 * n, navStatus: 14 }, "SANYA", sea.nowMs)),
  3: (sea: Sea, n: number) => sea.say(safetyText(415_100_000 + n, "MAYDAY MAYDAY TAKING WATER", "SANYA", sea.nowMs)),
  4: (sea: Sea, n: number) => {
    const device = { mmsi: 970_124_000 + n, lon: 111.6, lat: 18.2 + 0.05 * n, navStatus: 15 };
    sea.say(position(device, "SANYA", sea.nowMs) + safetyText(device.mmsi, "SART TEST", "SANYA", sea.nowMs));
  },
};

/** Notes as the page's synthesiser is told to play them: pitch in hertz by start. */
async function listen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const heard: number[] = [];
    Object.assign(window, { heard });
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (when) {
      heard.push(this.frequency.value);
      start.call(this, when);
    };
  });
}
const heard = (page: Page): Promise<number[]> => page.evaluate(() => (window as unknown as { heard: number[] }).heard.splice(0));

const waiting = async (page: Page): Promise<number> => Number((await page.locator(".alerts > header span").innerText()).split(" ")[0]);

test("a new alert is told, opened with the keyboard, acknowledged and taken back", async ({ command, sea }) => {
  const open = command.locator(".alerts > header span");
  const before = await waiting(command);
  RAISE[1](sea, 1);
  await expect(command.locator('[aria-live="assertive"]')).toContainText("Emergency alarm: ");
  await expect(open).toHaveText(`${before + 1} to answer`);
  await command.keyboard.press("n");
  const alert = panel(command, "Alert");
  await expect(alert).toContainText("AIS-SART MMSI 970123001 active");
  await expect(alert).toContainText("MMSI 970123001已启动");
  await expect(alert).toContainText("18°15.00′N 111°30.00′E");
  await expect(alert.locator(".facts").first()).toContainText("MMSI970123001");
  // Why: the observations, as a table, on the chart, and as the receiver sent them.
  await expect(alert.getByRole("table")).toContainText("SANYA");
  const selected = (half: number): Promise<number> =>
    pixels(command, (STAGE.left + STAGE.right) / 2 + 182, (STAGE.top + STAGE.bottom) / 2, half, CHART.dusk.select);
  await expect.poll(() => selected(12)).toBeGreaterThan(10);
  // Above the fleet: her own symbol is a red cross in the middle of it.
  await alert.getByRole("table").getByRole("row").nth(1).hover();
  await expect.poll(() => selected(3)).toBeGreaterThan(30);
  await alert.getByText(/As received/).click();
  await expect(alert.locator("pre")).toContainText("!AIVDM,1,1,,A,");
  await alert.getByText(/Rule and settings: Distress/).click();
  await expect(alert).toContainText("Priority of a distress device");
  await command.keyboard.press("a");
  await expect(open).toHaveText(`${before} to answer`);
  await expect(alert.locator(".timeline")).toContainText("Duty officer acknowledged");
  await command.locator(".toast").getByRole("button", { name: "Undo" }).click();
  await expect(open).toHaveText(`${before + 1} to answer`);
  await command.keyboard.press("Escape");
  await expect(alert).toBeHidden();
});

test("the four priorities differ in sound, shape and word, and an open alarm sounds for whoever comes", async ({ page, sea }) => {
  await listen(page);
  RAISE[2](sea, 2);
  await page.goto(sea.url);
  await expect(page.locator(".alert-row", { hasText: "Distress status" }).first()).toBeVisible();
  await page.keyboard.press("?"); // the first key gives the page its voice
  await expect.poll(() => heard(page)).not.toEqual([]); // nobody need touch the alert for it
  const dialog = page.getByRole("dialog");
  const tunes: string[] = [];
  const shapes: string[] = [];
  for (const name of ["Emergency alarm", "Alarm", "Warning", "Caution"]) {
    const row = dialog.locator(".priorities li").filter({ has: page.getByText(name, { exact: true }) });
    // In one turn of the page, so that no reminder of an open alert plays in between.
    const notes = await row.getByRole("button", { name: `Play: ${name}` }).evaluate((button: HTMLElement) => {
      const { heard } = window as unknown as { heard: number[] };
      heard.length = 0;
      button.click();
      return heard.splice(0);
    });
    tunes.push(notes.join(" "));
    shapes.push((await row.locator("path.shape").getAttribute("d"))!);
  }
  expect(tunes.map((tune) => tune.split(" ").length)).toEqual([8, 3, 2, 1]);
  expect(new Set(tunes).size).toBe(4);
  expect(new Set(shapes).size).toBe(4);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await page.keyboard.press("s");
  await expect(page.getByRole("button", { name: "Unmute" })).toHaveAttribute("aria-pressed", "true");
  await heard(page);
  RAISE[1](sea, 3);
  await expect(page.locator(".alert-row", { hasText: "970123003" })).toBeVisible();
  expect(await heard(page)).toEqual([]);
});

test("each priority comes from what receivers hear, and the list filters by it", async ({ command, sea }) => {
  for (const priority of [1, 2, 3, 4] as const) RAISE[priority](sea, 5);
  const list = command.getByRole("listbox", { name: "Alerts" });
  for (const mmsi of ["970123005", "415000005", "415100005", "970124005"]) {
    await command.getByLabel("Filter by text").fill(mmsi);
    await expect(list.getByRole("option")).toHaveCount(1);
  }
  await expect(list.getByRole("option")).toContainText("Caution");
  await command.getByLabel("Filter by text").fill("005");
  await expect(list.getByRole("option")).toHaveCount(4);
  await command.getByRole("button", { name: /Emergency/ }).click();
  await expect(list.getByRole("option")).toHaveCount(1);
  await expect(list.getByRole("option")).toContainText("AIS-SART");
  await command.getByRole("button", { name: /Emergency/ }).click();
  await command.getByLabel("Rule", { exact: true }).selectOption("Receiver");
  await expect(command.locator(".alerts")).toContainText("Nothing goes on now that fits the filter.");
  await command.getByLabel("Filter by text").fill("");
  await expect(list.getByRole("option")).toContainText("Receiver QINGLAN silent");
  await command.getByLabel("Handling").selectOption("Handed on");
  await expect(list.getByRole("option")).toHaveCount(0);
});

test("dismissing wants a reason, handing on wants a name", async ({ command, sea }) => {
  RAISE[2](sea, 9);
  const row = command.locator(".alert-row", { hasText: "415000009" });
  await row.click();
  const alert = panel(command, "Alert");
  await alert.getByRole("button", { name: "Hand on" }).click();
  await alert.locator("form").getByRole("button", { name: "Hand on" }).click();
  await expect(alert.getByRole("alert")).toHaveText("This is needed.");
  await alert.getByLabel("To whom").fill("Haikou MSA");
  await alert.locator("form").getByRole("button", { name: "Hand on" }).click();
  await expect(alert.locator(".timeline")).toContainText("handed on → Haikou MSA");
  await alert.getByRole("button", { name: "Comment" }).click();
  await alert.getByRole("textbox", { name: "Comment" }).fill("They call her on channel 16.");
  await alert.locator("form").getByRole("button", { name: "Comment" }).click();
  await expect(alert.locator(".timeline")).toContainText("They call her on channel 16.");
  await alert.getByRole("button", { name: "Dismiss" }).click();
  await alert.locator("form").getByRole("button", { name: "Dismiss" }).click();
  await expect(alert.getByRole("alert")).toHaveText("This is needed.");
  await alert.getByRole("button", { name: "Faulty data" }).click();
  await alert.locator("form").getByRole("button", { name: "Dismiss" }).click();
  await expect(alert.locator(".timeline")).toContainText("Faulty data");
  // It leaves what is the watch's business now, and is found among those dismissed.
  await expect(row).toBeHidden();
  await command.getByLabel("Handling").selectOption("Dismissed");
  await expect(row).toContainText("Dismissed");
  // The page that is opened next says the same: it stands in the records.
  await command.reload();
  await command.getByLabel("Handling").selectOption("Dismissed");
  await expect(row).toContainText("Dismissed");
});
