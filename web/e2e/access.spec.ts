import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./page.ts";

async function grave(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter((v) => v.impact === "serious" || v.impact === "critical")
    .map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target.join(" ")} ${n.any[0]?.message ?? ""}`).slice(0, 4).join(" | ")}`);
}

for (const palette of ["day", "dusk", "night", "bright"]) {
  test(`axe has no serious finding: ${palette}`, async ({ command }) => {
    await command.evaluate((p) => localStorage.setItem("littoral.screen", JSON.stringify({ palette: p })), palette);
    await command.reload();
    await expect(command.locator(".health")).toContainText("300 targets");
    expect(await grave(command)).toEqual([]);
    await command.keyboard.press("n");
    await expect(command.locator(".timeline li").first()).toBeVisible();
    expect(await grave(command)).toEqual([]);
  });
}

test("axe has no serious finding in panels and dialogs", async ({ command }) => {
  for (const key of ["l", "f", "o", "?"]) {
    await command.keyboard.press(key);
    expect(await grave(command), `after ${key}`).toEqual([]);
    await command.keyboard.press("Escape");
  }
});

test("fits 1366 x 768 without a bar cut off", async ({ command }) => {
  const cut = await command.evaluate(() =>
    [...document.querySelectorAll(".topbar > *, .tools > *, .alerts > *, .health > :not(.operator):not(.receivers)")]
      .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().bottom > innerHeight + 1)
      .map((e) => e.className),
  );
  expect(cut).toEqual([]);
});

test("grows with a wall of 3840 x 2160", async ({ command }) => {
  await command.setViewportSize({ width: 3840, height: 2160 });
  expect(await command.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe("24px");
});

test("switches to Chinese and stays there", async ({ command }) => {
  await command.getByRole("button", { name: "中文" }).click();
  await expect(command.getByRole("heading", { name: "警报" })).toBeVisible();
  expect(await command.evaluate(() => document.documentElement.lang)).toBe("zh-CN");
  await command.reload();
  await expect(command.getByRole("heading", { name: "警报" })).toBeVisible();
});
