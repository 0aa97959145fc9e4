/** Notices on the phone's own page, and what their desk sees of them. */
import AxeBuilder from "@axe-core/playwright";
import { uuid7 } from "../client/uuid7.ts";
import { CLERK, entries, expect, GRID, post, ready, tab, test, VIEW } from "./handset.ts";

test("called: a notice is had when it is shown, answered without a network, and known at the desk once there is one", async ({ handset, desk }) => {
  const phone = await handset(GRID);
  let page = await phone.open();
  await ready(page);
  const { id: worker } = (await (await page.request.get(new URL("/api/v1/me", page.url()).href)).json()) as { id: string };
  const clerk = await desk(CLERK);
  const tell = async (text: string): Promise<string> => {
    const id = uuid7();
    await post(clerk, "/notices", { id, text, to: [worker] });
    return id;
  };
  const told = async (id: string): Promise<{ state: string; events: { kind: string; detail: string }[] }> =>
    (await clerk.request.get(new URL(`/api/v1/notices/${id}`, clerk.url()).href)).json() as Promise<Awaited<ReturnType<typeof told>>>;
  const called = () => page.getByRole("region", { name: "You are called" });
  const shown = (text: string): Promise<void> =>
    expect(async () => {
      await page.getByRole("button", { name: "Sync now" }).click(); // as every minute by itself
      await expect(called().getByRole("alert")).toHaveText(text, { timeout: 3000 });
    }).toPass();

  const first = await tell("Come to the east pier");
  await shown("Come to the east pier");
  await expect.poll(async () => (await told(first)).state).toBe("delivered");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => v.id)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(VIEW.width);
  await page.screenshot({ path: "test-results/phone-called.png" });

  await phone.context.setOffline(true);
  await called().getByRole("button", { name: "I take it" }).focus();
  await page.keyboard.press("Enter");
  await expect(called().getByRole("alert")).toHaveCount(0);
  await expect(called()).toContainText("Kept in the outgoing queue.");
  await expect(called()).toBeFocused(); // who goes by keys stays where the button was
  await page.close();
  page = await phone.open("queue"); // from what lies on the phone
  await expect(page.getByText("No network")).toBeVisible();
  await expect(called()).toHaveCount(0);
  const answer = entries(page).filter({ hasText: "Come to the east pier" });
  await expect(answer).toContainText("Answer to a notice");
  await expect(answer).toContainText("Waiting");
  expect((await told(first)).state).toBe("delivered");
  await phone.context.setOffline(false);
  await expect(answer).toContainText("Sent");
  await expect.poll(async () => (await told(first)).state).toBe("answered");

  await tab(page, "Matters");
  const second = await tell("Who can bring the pump");
  await shown("Who can bring the pump");
  await called().getByRole("button", { name: "I cannot" }).click();
  await called().getByLabel("Why not").fill("At sea until six");
  await called().getByRole("button", { name: "I cannot" }).click();
  await expect.poll(async () => (await told(second)).events.at(-1)).toMatchObject({ kind: "declined", detail: "At sea until six" });
  const past = page.getByRole("region", { name: "Notices of the last day" });
  await expect(past.getByRole("listitem").filter({ hasText: "pump" })).toContainText("You said: I cannot");
  await expect(past.getByRole("listitem").filter({ hasText: "pier" })).toContainText("You said: I take it");
});
