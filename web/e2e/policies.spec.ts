import { createHmac } from "node:crypto";
import type { Browser, Page } from "@playwright/test";
import { cutOff, expect, grave, test as withDesk } from "./desk.ts";
import { FirstStart, Staff } from "./sea/server.ts";

const SENTENCE = "A policy signer proposes a policy set of every area.";
const NEW_SENTENCE = "A signer of policies proposes a policy set of every area.";
const RULE = "policy.policy_signer.policy.propose-any";

/** The code that an authenticator shows now (RFC 6238, SHA-1, 30 s, 6 digits). */
function codeOf(secret: string): string {
  const bits = [...secret.replace(/\s/g, "")].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac("sha1", key).update(counter).digest();
  const at = mac[19]! & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** Signs once more, past the page, as who has signed already. */
const signAgain = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const { hash } = (await (await fetch("/api/v1/policies")).json()) as { hash: string };
    const headers = { "x-littoral-request": "1", "content-type": "application/json" };
    return (await fetch("/api/v1/policies/signatures", { method: "POST", headers, body: JSON.stringify({ hash }) })).status;
  });

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

/** A server of its own: after the upgrade it is no demo any more, and signs nobody in. */
const test = withDesk.extend<object, { staff: Staff }>({
  staff: [
    async ({}, use) => {
      const staff = await Staff.open();
      await use(staff);
      await staff.close();
    },
    { scope: "worker", timeout: 360_000 },
  ],
});

test("after an upgrade nothing opens until two signers sign, judged by the set before", async ({ as, staff }) => {
  test.setTimeout(600_000); // a second start of the server
  const one = await as("policy signer", "#changes");
  await expect(one.getByText("signed by two, in force")).toBeVisible();
  await expect(button(one, "Propose this set")).toHaveCount(0);
  await expect(one.getByRole("link", { name: "Map" })).toHaveCount(0); // signers see neither picture nor persons
  expect(await cutOff(one)).toEqual([]);
  expect(await grave(one)).toEqual([]);
  const two = await as("second policy signer", "#changes");
  const admin = await as("administrator of accounts");
  const lead = await as("watch lead, police", "#changes/policies");
  await staff.upgrade("policy.cedar", SENTENCE, NEW_SENTENCE);
  for (const page of [one, two, admin, lead]) {
    await page.reload();
    await expect(page.getByRole("heading", { name: "The access policies are not in force" })).toBeVisible();
  }
  // What differs is told rule by rule, to whoever asks; whoever may not sign is told why.
  const rule = lead.getByRole("article", { name: RULE });
  await expect(rule).toContainText(`Before: permits · ${SENTENCE}`);
  await expect(rule).toContainText(`After: permits · ${NEW_SENTENCE}`);
  await expect(button(lead, "Sign this set")).toHaveCount(0);
  await expect(button(lead, "Propose this set")).toHaveCount(0);
  await expect(button(one, "Sign this set")).toHaveCount(0); // nothing was proposed yet
  await button(admin, "Propose this set").click();
  await expect(admin.locator(".facts")).toContainText("Proposed by账号管理员");
  await expect(button(admin, "Sign this set")).toHaveCount(0); // who keeps the accounts does not sign
  await one.reload();
  await button(one, "Sign this set").click();
  await expect(one.getByRole("status")).toContainText("You have signed it; another policy signer has to sign.");
  await expect(button(one, "Sign this set")).toHaveCount(0);
  expect(await signAgain(one)).toBe(409);
  expect(await grave(one)).toEqual([]);
  await expect(lead.getByRole("heading", { name: "The access policies are not in force" })).toBeVisible();
  await two.reload();
  await expect(two.getByRole("listitem").filter({ hasText: "策略签署人" })).toContainText("policy signer");
  await button(two, "Sign this set").click();
  // In force at once: the pages of all open by themselves.
  await expect(two.getByText("signed by two, in force")).toBeVisible();
  await expect(lead.getByRole("heading", { name: "Changes", level: 2 })).toBeVisible();
  await expect(one.getByText("signed by two, in force")).toBeVisible();
});

/** Sets a password by the link and enrols an authenticator, as everybody does who opens persons, keys or policies. */
async function enter(browser: Browser, link: string, login = ""): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: "en-US", reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(link);
  if (login) {
    await page.getByLabel("Account").fill(login);
    await page.getByLabel("Name", { exact: true }).fill(login);
  }
  await page.locator("input[type=password]").fill("kelp lantern harbour nineteen");
  await page.locator("form .main-button").click();
  await page.getByRole("button", { name: "Use an authenticator app" }).click();
  const secret = await page.locator(".door-key").innerText();
  await page.locator("input[autocomplete=one-time-code]").fill(codeOf(secret));
  await page.locator("form .main-button").click();
  await expect(page.locator(".door-codes li").first()).toBeVisible();
  await page.locator("form .main-button").click();
  return page;
}

test("at a first start every page says that one alone has signed, until two policy signers have", async ({ browser }) => {
  test.setTimeout(600_000);
  const server = await FirstStart.open();
  const notice = "The access policies are signed by one person alone";
  const admin = await enter(browser, server.link, "first.admin");
  await expect(admin.getByRole("status").filter({ hasText: notice })).toContainText("two policy signers have to sign");
  const one = await enter(browser, server.invite("signer.one", "policy_signer:460000"));
  const two = await enter(browser, server.invite("signer.two", "policy_signer:460000"));
  await expect(one.getByText(notice)).toBeVisible();
  await expect(button(one, "Sign this set")).toHaveCount(0);
  await button(one, "Propose this set").click();
  await button(one, "Sign this set").click();
  await expect(one.getByText("You have signed it; another policy signer has to sign.")).toBeVisible();
  expect(await signAgain(one)).toBe(409);
  await expect(one.getByText(notice)).toBeVisible();
  await two.reload();
  await button(two, "Sign this set").click();
  await expect(two.getByText("signed by two, in force")).toBeVisible();
  await expect(two.getByText(notice)).toHaveCount(0);
  await admin.reload();
  await expect(admin.getByRole("heading", { name: "People", level: 2 })).toBeVisible();
  await expect(admin.getByText(notice)).toHaveCount(0);
  for (const page of [admin, one, two]) await page.context().close();
  await server.close();
});
