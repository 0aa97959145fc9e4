import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { PALETTES } from "../map/palette.ts";
import { drawn, expect, goTo, openVessel, panel, test } from "./page.ts";
import { QIONG } from "./sea/coast.ts";

async function grave(page: Page, only?: string): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  if (only) axe.withRules([only]);
  const { violations } = await axe.analyze();
  return violations
    .filter((v) => v.impact === "serious" || v.impact === "critical")
    .map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target.join(" ")} ${n.any[0]?.message ?? ""}`).slice(0, 4).join(" | ")}`);
}

/** Ways into each state of the page; Escape leads out of it. */
const STATES: Record<string, (page: Page) => Promise<unknown>> = {
  list: async () => undefined,
  "alert detail": async (page) => {
    await page.keyboard.press("n");
    await page.locator(".timeline li").first().waitFor();
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.locator(".actions form").getByRole("button", { name: "Dismiss" }).click();
  },
  "vessel detail": (page) => openVessel(page, QIONG.name),
  search: async (page) => {
    await page.getByRole("combobox", { name: "Search vessels or a position" }).fill("BO HAI");
    await page.getByRole("option", { name: /^BO HAI/ }).first().waitFor();
  },
  "go-to dialog": async (page) => {
    await page.keyboard.press("g");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("alert").waitFor();
  },
  "help dialog": (page) => page.keyboard.press("?").then(() => page.getByRole("dialog").waitFor()),
  drawing: async (page) => {
    await page.keyboard.press("f");
    await page.getByRole("button", { name: "New fence" }).click();
    await page.getByRole("checkbox", { name: "Closed season" }).check();
    await page.getByRole("button", { name: "Save" }).click();
    await panel(page, "Edit fence").getByText("Draw the area on the chart first.").waitFor();
  },
  settings: (page) => page.keyboard.press("l").then(() => panel(page, "Layers and display").waitFor()),
  receivers: (page) => page.keyboard.press("o").then(() => panel(page, "Receivers and outages").waitFor()),
  measuring: (page) => page.keyboard.press("m").then(() => page.locator(".readout").waitFor()),
};

test("axe has no serious finding in any state and palette", async ({ command }) => {
  test.setTimeout(300_000); // all states in one page: opening it costs the most
  for (const [state, enter] of Object.entries(STATES)) {
    await enter(command);
    expect(await grave(command), `${state}, dusk`).toEqual([]);
    for (const palette of state === "list" ? PALETTES : (["day", "night"] as const)) {
      // Only colours differ. The palette is set as the page itself does: keys would go to a form.
      await command.evaluate((name) => (document.documentElement.dataset.obcTheme = name), palette);
      expect(await grave(command, "color-contrast"), `${state}, ${palette}`).toEqual([]);
    }
    await command.evaluate(() => (document.documentElement.dataset.obcTheme = "dusk"));
    await expect(async () => {
      await command.keyboard.press("Escape"); // out of the field, the form, the panel
      await expect(command.locator(".side, dialog, .readout, #search-hits:not([hidden])")).toHaveCount(0, { timeout: 500 });
    }).toPass();
  }
});

test("the watch is kept with the keyboard alone", async ({ command }) => {
  const list = command.getByRole("listbox", { name: "Alerts" });
  await list.focus();
  await command.keyboard.press("ArrowDown");
  const alert = panel(command, "Alert");
  await expect(alert).toBeVisible();
  await expect(list).toBeFocused(); // the arrows go on through the list
  await command.keyboard.press("Enter");
  await expect(alert.locator(".panel-body")).toBeFocused();
  await command.keyboard.press("F6");
  await expect(list).toBeFocused();
  await command.keyboard.press("F6");
  const canvas = command.locator(".chart canvas.maplibregl-canvas");
  await expect(canvas).toBeFocused();
  await expect(command.locator(".cross")).toBeVisible();
  await command.keyboard.press("Escape");
  await expect(alert).toBeHidden();
  // Range and bearing: start at the cross, move the chart, end at the cross. Inland: near a ship it starts at her.
  await goTo(command, "19°12'N 109°48'E");
  await command.keyboard.press("m");
  await canvas.focus();
  await command.keyboard.press("Enter");
  for (let i = 0; i < 2; i++) {
    await command.keyboard.press("ArrowRight");
    await drawn(command); // the chart moves when it is next drawn
  }
  await command.keyboard.press("Enter");
  await expect(command.locator(".readout output")).toHaveText(/\d nm  0(89|90)\.\d°/);
  // All that can be pressed has a name, and the focus is seen on it.
  const nameless = await command.evaluate(() =>
    [...document.querySelectorAll("button, input, select, textarea, [tabindex='0']")]
      .filter((e) => !(e.textContent?.trim() || e.getAttribute("aria-label") || (e as HTMLInputElement).labels?.length))
      .map((e) => e.outerHTML.slice(0, 80)),
  );
  expect(nameless).toEqual([]);
});
