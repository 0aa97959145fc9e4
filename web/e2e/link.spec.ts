import { emptyTest, expect, openVessel, test as base } from "./page.ts";
import { RUNNER } from "./sea/coast.ts";
import { demo, Sea } from "./sea/server.ts";

const stopped = /The live picture has stopped/;

// Of its own, since these tests break it; one for all of them, in this order.
const test = base.extend<object, { sea: Sea }>({});

test("a server that hangs, dies and comes back is told as it is, and nothing is lost", async ({ command, sea }) => {
  await expect(command.locator(".link")).toHaveText("Live");
  sea.hang();
  await expect(command.getByRole("alert").filter({ hasText: stopped })).toBeVisible();
  await expect(command.locator(".banner.stale")).toContainText(/The picture is \d+ s old/);
  await expect(command.locator(".link")).toHaveText("Stale");
  sea.goOn();
  await expect(command.getByText(stopped)).toBeHidden();
  await expect(command.locator(".link")).toHaveText("Live");

  await sea.kill();
  await expect(command.locator(".link")).toHaveText("Disconnected");
  await expect(command.getByRole("alert").filter({ hasText: stopped })).toBeVisible();
  // What was seen last stays in sight, and the ages of the receivers go on.
  await expect(command.locator(".receivers")).toContainText(/HAIKOU ?([5-9]|\d\d) s/);
  await command.keyboard.press("n");
  await command.keyboard.press("a");
  const told = command.locator(".toast.error");
  await expect(told.first()).toContainText("The server does not answer");
  await expect(told.first()).toContainText("see whether littoral still runs");

  await sea.restart();
  await expect(command.getByText(stopped)).toBeHidden();
  await expect(command.locator(".link")).toHaveText("Live");
  await command.keyboard.press("Escape");
  const vessel = await openVessel(command, RUNNER.name);
  await expect(vessel.locator(".now")).toContainText("12.0");
});

test("what did not come at the start is named, asked for again and then there", async ({ page, sea }) => {
  let refused = 0;
  await page.route("**/api/v1/areas", (route) => (refused++ < 1 ? route.abort() : route.continue()));
  await page.goto(sea.url);
  const missing = page.getByRole("alert").filter({ hasText: "Not loaded: rings and ports" });
  await expect(missing).toContainText("asked for again by themselves");
  await expect(page.locator(".link")).toHaveText("Live");
  await expect(missing).toBeHidden();
  expect(refused).toBeGreaterThan(1);
});

emptyTest("before anything was heard the page says so and what to look at", async ({ empty }) => {
  await expect(empty.locator(".alerts")).toContainText("No alerts yet. New ones appear here and sound.");
  await expect(empty.locator(".receivers")).toContainText("No receiver heard yet");
  await expect(empty.locator(".feed")).toContainText(/Feed down: tcp-listen/);
  await expect(empty.locator(".banner")).toContainText("No target in the picture");
  await expect(empty.locator(".banner")).toContainText("see the receivers below");
});

base("while the demo fills its history the page says how far it is, then shows its ships", async ({ page }) => {
  base.slow(); // an hour of three hundred ships, as fast as the machine has it
  const { url, close } = await demo(1, 300);
  await page.goto(url);
  await expect(page.locator(".banner", { hasText: "Filling history" })).toContainText(/\d+ %/);
  await expect(page.locator(".link")).toHaveText("Filling history"); // it is no fault that no picture comes yet
  await expect(page.locator(".banner.stale, .link.bad, .feed.bad")).toHaveCount(0);
  await expect(page.getByText(/^Filling history, /)).toBeHidden({ timeout: 180_000 });
  await expect(page.locator(".health")).toContainText(/\d{2,} targets/);
  await expect(page.locator(".clocks")).toContainText(/× \d/);
  await close();
});
