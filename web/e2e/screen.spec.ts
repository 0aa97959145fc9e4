import { expect, openVessel, panel, test } from "./page.ts";
import { QIONG } from "./sea/coast.ts";

test("UTC stands beside the local time, and goes on", async ({ command }) => {
  const clocks = command.locator(".clocks");
  await expect(clocks).toContainText(/UTC04:\d\d:\d\dLocal12:\d\d:\d\dDate UTC2026-06-15Speed× 1/);
  const before = await clocks.innerText();
  await expect(clocks).not.toHaveText(before);
});

test("every page says the age of the data by receiver, and the panel more of it", async ({ command }) => {
  const strip = command.getByRole("list", { name: "Age of the data by receiver" });
  await expect(strip.getByRole("listitem")).toHaveCount(4);
  await expect(strip.getByRole("listitem").first()).toHaveText(/QINGLAN ?\d\d min ?silent/);
  await expect(strip).toContainText(/HAIKOU ?\d s/);
  for (const open of ["l", "f", "n"]) {
    await command.keyboard.press(open);
    await expect(strip).toBeVisible();
  }
  await command.keyboard.press("o");
  const sources = panel(command, "Receivers and outages");
  await expect(sources.getByRole("row", { name: /QINGLAN \d\d min silent 36/ })).toBeVisible();
  await expect(sources.getByRole("row", { name: /tcp-listen .* connected [\d,]+ 0/ })).toBeVisible();
});

test("a planned outage is entered after its faults are mended, and taken out", async ({ command }) => {
  await command.keyboard.press("o");
  const sources = panel(command, "Receivers and outages");
  await sources.getByLabel("End (UTC)").fill("2026-01-01T00:00");
  await sources.getByRole("button", { name: "Save" }).click();
  await expect(sources.getByText("The end must come after the start.")).toBeVisible();
  await sources.getByLabel("End (UTC)").fill("2026-06-15T09:00");
  await sources.getByRole("combobox", { name: "Receiver" }).selectOption("SANYA");
  await sources.getByLabel("Reason").fill("Mast is painted");
  await sources.getByRole("button", { name: "Save" }).click();
  const card = sources.locator(".cards li");
  await expect(card).toContainText("Mast is painted");
  await card.getByRole("button", { name: "Delete the planned outage of SANYA" }).click();
  await expect(sources).toContainText("No planned outage.");
});

test("switches to Chinese and stays there, names of ships and places included", async ({ command }) => {
  await command.getByRole("button", { name: "中文" }).click();
  await expect(command.getByRole("heading", { name: "警报" })).toBeVisible();
  expect(await command.evaluate(() => document.documentElement.lang)).toBe("zh-CN");
  await command.reload();
  await expect(command.getByRole("heading", { name: "警报" })).toBeVisible();
  await expect(command.locator(".receivers")).toContainText("静默");
  await expect(command.locator(".alert-row").first()).toBeVisible();
  await command.keyboard.press("n");
  const alert = panel(command, "警报详情");
  await expect(alert.locator(".sentence").first()).toHaveText(/[\u4e00-\u9fff]{4}/);
  const english = await command.locator("body").evaluate((body) => {
    const words: string[] = [];
    for (const e of body.querySelectorAll("button, h2, h3, dt, th, label > span, legend")) {
      if (/[a-z]{3}/.test(e.textContent ?? "") && !e.closest("details, .facts dd")) words.push(e.textContent!);
    }
    return words.filter((w) => w !== "English");
  });
  expect(english).toEqual([]);
});

test("the palettes go round and are kept", async ({ command }) => {
  const html = command.locator("html");
  for (const palette of ["night", "bright", "day", "dusk", "night"]) {
    await command.keyboard.press("d");
    await expect(html).toHaveAttribute("data-obc-theme", palette);
  }
  await command.reload();
  await expect(html).toHaveAttribute("data-obc-theme", "night");
});

for (const [width, height, rem] of [[1366, 768, "14px"], [3840, 2160, "24px"]] as const) {
  test(`nothing is cut off at ${width} x ${height}`, async ({ command }) => {
    await command.setViewportSize({ width, height });
    await openVessel(command, QIONG.name);
    for (const lang of ["en", "zh-CN"]) {
      await expect(command.locator("html")).toHaveAttribute("lang", lang);
      expect(await command.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe(rem);
      const cut = await command.evaluate(() =>
        [...document.querySelectorAll(".topbar *, .tools > *, .counts *, .filters > *, .health > *, .panel-head *, .side .now *, .side .facts *")]
          .filter((e) => {
            if (e.closest("[hidden], .unseen, svg") || e.matches(".receivers, input, select")) return false;
            const { right, bottom, width } = e.getBoundingClientRect();
            const inSide = e.closest(".side .panel-body");
            const fits = width === 0 || (right <= innerWidth + 1 && (inSide || bottom <= innerHeight + 1));
            return !fits || (e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0);
          })
          .map((e) => `${e.tagName}.${e.className}: ${e.textContent}`),
      );
      expect(cut).toEqual([]);
      if (lang === "en") await command.getByRole("button", { name: "中文" }).click();
    }
  });
}
