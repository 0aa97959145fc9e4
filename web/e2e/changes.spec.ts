import type { Page } from "@playwright/test";
import { cutOff, expect, grave, test } from "./desk.ts";

const FENCE = {
  type: "Feature", id: "e2e-bay",
  geometry: { type: "Polygon", coordinates: [[[110, 19], [111, 19], [111, 20], [110, 20], [110, 19]]] },
  properties: { name: { zh: "试湾", en: "Trial bay" }, valid_from: null, valid_to: null, rules: [{ kind: "speed_over", speed_kn: 10, priority: 2 }, { kind: "entry", priority: 3 }] },
};
test.describe.configure({ mode: "serial" });

const HEADERS = { "x-littoral-request": "1" };

/** Asks the server as this page's person does. */
async function asked(page: Page, method: "POST" | "PUT", path: string, data: unknown): Promise<{ status: number; json: Record<string, unknown> }> {
  return page.evaluate(
    async ({ method, path, data, headers }) => {
      const answer = await fetch(`/api/v1${path}`, { method, headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(data) });
      return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
    },
    { method, path, data, headers: HEADERS },
  );
}

test("a change that makes the watch blinder waits for a second person, with before and after in words", async ({ as }) => {
  const lead = await as("watch lead, police", "#changes");
  expect((await asked(lead, "POST", "/geofences", FENCE)).status).toBe(201);
  const looser = { ...FENCE, properties: { ...FENCE.properties, version: 1, rules: [{ kind: "speed_over", speed_kn: 15, priority: 2 }] } };
  const why = encodeURIComponent("pilot boats pass at 12 knots");
  expect((await asked(lead, "PUT", `/geofences/e2e-bay?why=${why}`, looser)).status).toBe(202);
  await lead.reload();
  const own = lead.getByRole("article", { name: "Trial bay" });
  await expect(own).toContainText("You proposed it; another person decides.");
  await expect(own.getByRole("button", { name: "Agree" })).toHaveCount(0);
  const second = await as("second watch lead, police", "#changes");
  const card = second.getByRole("article", { name: "Trial bay" });
  await expect(card).toContainText("Proposed by 省级值班长（公安） (demo.lead)");
  await expect(card).toContainText("pilot boats pass at 12 knots");
  await expect(card).toContainText("a threshold is loosened; a rule is removed");
  const diff = card.getByRole("table", { name: "What differs" });
  await expect(diff.getByRole("row", { name: "Rule Faster than 10 kn · Alarm Faster than 15 kn · Alarm" })).toBeVisible();
  await expect(diff.getByRole("row", { name: "Rule Alert on entry · Warning no longer" })).toBeVisible();
  expect(await cutOff(second)).toEqual([]);
  expect(await grave(second)).toEqual([]);
  await card.getByRole("button", { name: "Refuse" }).click();
  await expect(card.getByRole("alert")).toHaveText("Say why."); // a no needs a reason
  await card.getByLabel("Reason").fill("seen on the chart, fits");
  await card.getByRole("button", { name: "Agree" }).click();
  await expect(card).toHaveCount(0);
  await second.getByLabel("State of changes").selectOption("made");
  await expect(second.getByRole("article", { name: "Trial bay" })).toContainText("Decided by 值班长（第二人） (demo.lead2)");
});

test("a planned outage that holds alerts back is noted at once, and held only when a second person agrees", async ({ as }) => {
  const lead = await as("watch lead, police");
  const open = lead.getByRole("button", { name: "Receivers, feeds, planned outages" });
  await open.click();
  const panel = lead.getByRole("region", { name: "Receivers and outages", exact: true });
  await panel.getByRole("combobox", { name: "Receiver" }).selectOption("SANYA");
  await panel.getByLabel("Reason").fill("Mast is painted");
  await expect(panel.getByLabel("Hold alerts back while it lasts (takes a second person)")).toBeChecked();
  await panel.getByRole("button", { name: "Save" }).click();
  await expect(lead.getByText("Handed in; it waits for a second person")).toBeVisible();
  const noted = panel.getByRole("listitem").filter({ hasText: "Mast is painted" });
  await expect(noted).toContainText("waits for a second person: alerts are raised");
  const second = await as("second watch lead, police", "#changes");
  const card = second.getByRole("article", { name: "SANYA" });
  await expect(card).toContainText("Planned outage");
  await expect(card).toContainText("silence in this time is explained and raises no alert");
  await expect(card.getByRole("row", { name: "Alerts during it raised held back" })).toBeVisible();
  await card.getByRole("button", { name: "Agree" }).click();
  await expect(card).toHaveCount(0);
  await lead.reload();
  await open.click();
  await expect(noted).toContainText("Mast is painted");
  await expect(noted).not.toContainText("alerts are raised");
});

test("a setting is changed at once when more is seen, and by two when less", async ({ as }) => {
  const lead = await as("watch lead, police", "#changes/settings");
  const row = (page: Page) => page.getByRole("table", { name: "Gap" }).getByRole("row", { name: /^Silence of class B / });
  await expect(row(lead)).toContainText("60 min");
  await expect(row(lead)).toContainText("60 s – 168 h");
  const set = async (value: string, why: string): Promise<void> => {
    await row(lead).getByRole("button").click();
    await lead.getByLabel("New value in s").fill(value);
    await lead.getByLabel("Reason (needed when less is seen)").fill(why);
    await lead.getByRole("dialog").getByRole("button", { name: "Change" }).click();
  };
  await set("1800", "");
  await expect(row(lead)).toContainText("30 min");
  await row(lead).getByRole("button").click();
  await lead.getByLabel("New value in s").fill("7200");
  await lead.getByRole("dialog").getByRole("button", { name: "Change" }).click();
  await expect(lead.getByRole("alert")).toContainText("say why"); // less is seen: a reason is needed
  await lead.keyboard.press("Escape");
  await set("7200", "ferries at night");
  await expect(lead.getByText("A change of these settings waits for a second person.")).toBeVisible();
  await expect(row(lead)).toContainText("30 min");
  expect(await cutOff(lead)).toEqual([]);
  expect(await grave(lead)).toEqual([]);
  const second = await as("second watch lead, police", "#changes");
  const card = second.getByRole("article", { name: "Gap" });
  await expect(card).toContainText("Silence of class B (greater)");
  await expect(card.getByRole("row", { name: "Silence of class B 30 min 2 h" })).toBeVisible();
  await card.getByRole("button", { name: "Agree" }).click();
  await expect(card).toHaveCount(0);
  await lead.reload();
  await expect(row(lead)).toContainText("2 h");
  await lead.locator("section", { has: row(lead) }).getByText("Versions").click();
  const history = lead.getByRole("table", { name: "Versions" });
  await expect(history.getByRole("row", { name: /^3 changed here .*\(demo\.lead\) \+ .*\(demo\.lead2\)/ })).toContainText("Silence of class B: 30 min → 2 h");
});

test("the page speaks Chinese, and names of things come in it too", async ({ as }) => {
  const page = await as("second watch lead, police", "#changes");
  await page.getByRole("button", { name: "中文" }).click();
  await page.getByLabel("变更状态").selectOption("made");
  const card = page.getByRole("article", { name: "试湾" });
  await expect(card).toContainText("为何削弱监视： 规则的阈值放宽；规则被删除");
  await expect(card.getByRole("table", { name: "变更前后对比" })).toContainText("10 kn");
  const english = await page.locator(".page").evaluate((main) =>
    [...main.querySelectorAll("button, h2, h3, th[scope=col], label > span, .tabs a")].map((e) => e.textContent ?? "").filter((text) => /[a-z]{3}/.test(text)),
  );
  expect(english).toEqual([]);
});

test("a dismissal goes to another desk, which upholds or reopens it", async ({ as }) => {
  test.setTimeout(240_000);
  const officer = await as("watch lead, police", "#changes/reviews");
  // All alarms are looked at again; those of distress take two to dismiss. A warning that nobody answers
  // becomes an alarm after some minutes of the demo's quick time.
  const alert = async (): Promise<string | undefined> =>
    officer.evaluate(async () => {
      const page = (await (await fetch("/api/v1/alerts?priority=1&priority=2&handling=new&limit=50")).json()) as { items: { id: string; state: string; rule: string }[] };
      return page.items.find((a) => a.state !== "withdrawn" && a.rule !== "distress")?.id;
    });
  await expect.poll(alert, { timeout: 200_000 }).toBeTruthy();
  const id = (await alert())!;
  const act = { id: crypto.randomUUID(), action: "dismiss", reason: "a drill, told by radio", to: null };
  const done = await asked(officer, "POST", `/alerts/${id}/actions`, act);
  expect(done.status, JSON.stringify(done.json)).toBe(200);
  await officer.reload();
  // Those of other desks, one in ten by lot, or none; not one's own.
  await expect(officer.locator(".page")).toContainText(/No dismissal waits for your desk\.|Dismissed by /);
  await expect(officer.locator(".page")).not.toContainText("a drill, told by radio");
  const other = await as("watch officer, coast guard", "#changes/reviews");
  const card = other.getByRole("article", { name: "Dismissal to review" }).filter({ hasText: "a drill, told by radio" });
  await expect(card).toContainText("Dismissed by 省级值班长（公安） (demo.lead) (460000/police)");
  await card.getByLabel("Reason").fill("nobody announced a drill");
  await card.getByRole("button", { name: "Reopen" }).click();
  await expect(card).toHaveCount(0);
  const now = await other.evaluate(async (key) => (await (await fetch(`/api/v1/alerts/${key}`)).json()) as { handling: string }, id);
  expect(now.handling).toBe("new");
  const auditor = await as("auditor", "#changes/counts");
  await expect(auditor.getByRole("table", { name: "Dismissals counted" })).toContainText("Hainan / police");
});

test("an alert of distress is dismissed by two, and stays open until the second agrees", async ({ as }) => {
  test.setTimeout(300_000);
  const lead = await as("watch lead, police");
  const find = (handling: string): Promise<string | undefined> =>
    lead.evaluate(async (handling) => {
      const page = (await (await fetch(`/api/v1/alerts?handling=${handling}&rule=distress&limit=50`)).json()) as { items: { id: string; state: string; rule: string }[] };
      return page.items.find((a) => a.rule === "distress" && a.state !== "withdrawn")?.id;
    }, handling);
  await expect.poll(() => find("new"), { timeout: 200_000 }).toBeTruthy();
  await lead.getByLabel("Rule", { exact: true }).selectOption("Distress");
  await lead.getByRole("listbox", { name: "Alerts" }).getByRole("option").first().click();
  const alert = lead.getByRole("region", { name: "Alert", exact: true });
  await alert.getByRole("button", { name: "Dismiss" }).click();
  await expect(alert).toContainText("It takes two to dismiss an alert of distress");
  await alert.getByRole("textbox", { name: "Reason" }).fill("a beacon tested in the yard, told by telephone");
  await alert.locator("form").getByRole("button", { name: "Dismiss" }).click();
  await expect(alert).toContainText("proposed to dismiss it; it stays open until another person decides.");
  await expect(alert.locator(".actions > .buttons").getByRole("button", { name: "Dismiss" })).toBeDisabled();
  await alert.getByRole("link", { name: "Open Changes" }).click();
  const own = lead.getByRole("article").filter({ hasText: "a beacon tested in the yard" });
  await expect(own).toContainText("You proposed it; another person decides.");
  const second = await as("second watch lead, police", "#changes");
  const card = second.getByRole("article").filter({ hasText: "a beacon tested in the yard" });
  await expect(card).toContainText("Distress alert");
  expect(await cutOff(second)).toEqual([]);
  expect(await grave(second)).toEqual([]);
  await card.getByLabel("Reason").fill("the yard confirms");
  await card.getByRole("button", { name: "Agree" }).click();
  await expect(card).toHaveCount(0);
  expect(await find("dismissed")).toBeTruthy();
});
