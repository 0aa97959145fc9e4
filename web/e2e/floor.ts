/** What a watch officer does on the floor beside incidents, in Chinese and by keyboard where there is one. */
import type { Locator, Page } from "@playwright/test";
import { expect } from "./desk.ts";

const panel = (page: Page, name: string): Locator => page.getByRole("region", { name, exact: true });
export const contactList = (page: Page): Locator => panel(page, "人工录入目标");

/** The map with nothing open on it, its keys ready. */
export async function toMap(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/#map`);
  await expect(page.locator(".health")).toContainText("个目标", { timeout: 60_000 });
  await page.locator(".chart canvas.maplibregl-canvas").focus();
  await page.keyboard.press("Escape");
}

/** All of a call on VHF typed into the form of contacts, but for the Enter that enters it. */
export async function typeContact(page: Page, of: { place: string; name: string; persons: string; said: string }): Promise<Locator> {
  await page.keyboard.press("h");
  const form = page.getByRole("form", { name: "录入新目标" });
  await expect(form.getByLabel("位置", { exact: true })).toBeFocused();
  await page.keyboard.type(of.place);
  await expect(form.getByRole("status")).toContainText(/20°\d\d\.\d{3}′N 110°\d\d\.\d{3}′E/, { timeout: 60_000 });
  for (const key of ["Tab", "Tab", "ArrowDown"]) await page.keyboard.press(key); // past the button to the kind: after vessel, small craft
  await expect(form.getByLabel("目标类型")).toHaveValue("small_craft");
  await form.getByLabel("通话内容").fill(of.said);
  await form.getByLabel("船上人数").fill(of.persons);
  await form.getByLabel("船名").fill(of.name);
  return form;
}

/** Sets the first alert of a rule aside for four hours, and sees it on the shelf. */
export async function setAside(page: Page, rule: string, reason: string): Promise<void> {
  await page.locator(".whens").getByRole("button", { name: "全部", exact: true }).click();
  await page.getByRole("combobox", { name: "规则" }).selectOption({ label: rule });
  await page.getByRole("combobox", { name: "处理状态" }).selectOption({ label: "待处理" });
  const row = page.locator(".alert-row").first();
  await expect(row).toBeVisible({ timeout: 120_000 }); // the demo tells of one within minutes
  await row.click();
  const alert = panel(page, "警报详情");
  await alert.locator(".actions > .buttons").getByRole("button", { name: "搁置", exact: true }).click();
  await expect(alert.getByLabel("原因")).toBeFocused();
  await page.keyboard.type(reason);
  await alert.getByLabel("多久").selectOption("4 小时");
  await alert.locator("form").getByRole("button", { name: "搁置", exact: true }).click();
  await expect(alert.getByText(/已搁置，.*自动恢复/)).toBeVisible({ timeout: 60_000 });
  await page.locator(".whens").getByRole("button", { name: "搁置", exact: true }).click();
  await expect(page.locator(".aside").getByRole("listitem").filter({ hasText: reason })).toContainText(/至 /, { timeout: 60_000 });
}

/** Puts a vessel that is found by the beginning of her name on the watch-list for a week; her name. */
export async function lookOut(page: Page, begins: string, reason: string): Promise<string> {
  await page.keyboard.press("/");
  await page.keyboard.type(begins);
  await expect(page.getByRole("option").first()).toContainText(begins, { timeout: 60_000 });
  await page.keyboard.press("Enter");
  const vessel = panel(page, "船舶");
  const title = vessel.getByRole("heading", { level: 2 });
  await expect(title).toContainText(begins, { timeout: 60_000 });
  const name = await title.innerText();
  await vessel.getByRole("button", { name: "加入关注名单" }).click();
  await expect(vessel.getByLabel("原因")).toBeFocused();
  await page.keyboard.type(reason);
  await vessel.getByLabel("关注多久").selectOption("7 天");
  await vessel.getByRole("button", { name: "加入关注", exact: true }).click();
  await expect(vessel.getByText(reason)).toBeVisible({ timeout: 60_000 });
  return name;
}

/** Event time that a replay shows, ms. */
const shownMs = async (page: Page): Promise<number> => Date.parse((await page.locator(".past-mark time").getAttribute("datetime"))!);

/** Plays the past from where its page begins, for so long by its own clock. */
export async function playPast(page: Page, forMs: number): Promise<void> {
  await page.keyboard.press("r");
  await expect(page.locator(".past-mark")).toContainText("不是现在", { timeout: 60_000 });
  await expect(page.locator(".past-count")).toContainText(/[1-9]\d* 艘/, { timeout: 60_000 });
  await page.locator(".past-mark b").click(); // no button has the keys
  const start = await shownMs(page);
  await page.keyboard.press(" ");
  await expect.poll(() => shownMs(page), { timeout: 60_000 }).toBeGreaterThanOrEqual(start + forMs);
  await page.keyboard.press(" ");
  await expect(page.getByRole("button", { name: "播放" })).toBeVisible();
}

/** Asks who was in an area in the day before the last that is kept, by its corners. */
export async function askWho(page: Page, url: string, corners: string): Promise<void> {
  await page.goto(`${url}/#ask`);
  await expect(page.getByLabel("从", { exact: true })).not.toHaveValue("", { timeout: 60_000 });
  await page.getByLabel(/^角点/).fill(corners);
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: "查询", exact: true }).click();
}
