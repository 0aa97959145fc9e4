/** The phone's page over TLS under the deployment's own authority, in browsers that trust it and that do not. The name is
 * no `localhost`: that counts as secure without TLS. Trust is an NSS database in the browser's home, as if its owner had
 * installed the authority, and not a flag by which errors are ignored: so names and times are checked as on a phone. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, expect, test, type Browser, type Page } from "@playwright/test";
import { CHROMIUM, FLAGS } from "./browser.ts";
import { FirstStart, PYTHON } from "./sea/server.ts";

const HOST = "watch.haikou.internal";
const OTHER = "elsewhere.haikou.internal"; // nobody vouches for it
const LOGIN = "grid.worker";
const PASSWORD = "kelp lantern harbour nineteen";
const TRUST = fileURLToPath(new URL("sea/trust.py", import.meta.url));
const FOLDER = ".pki/nssdb"; // where Chromium looks on Linux

/** A browser of its own home; `authority`: the one that its owner installed. */
async function browserOf(home: string, authority = ""): Promise<Browser> {
  if (authority) execFileSync(PYTHON, [TRUST, authority, join(home, FOLDER)]);
  const env = { ...process.env, HOME: home } as Record<string, string>;
  return chromium.launch({ executablePath: CHROMIUM, args: [...FLAGS, `--host-resolver-rules=MAP *.haikou.internal 127.0.0.1`], env });
}

/** A page in a profile of its own, as of another phone. */
const handset = async (browser: Browser): Promise<Page> =>
  (await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "en-US", isMobile: true, hasTouch: true })).newPage();

test("over TLS: refused without trust; with it signed in, kept, and opened again without a network", async () => {
  test.setTimeout(600_000); // a start of a server and of two browsers
  const homes = [0, 1].map(() => mkdtempSync(join(tmpdir(), "littoral-home-")));
  const server = await FirstStart.open(HOST, ["--password-alone", "grid_worker"]);
  const stranger = await browserOf(homes[0]!);
  const trusting = await browserOf(homes[1]!, server.authority);
  try {
    expect(new URL(server.url)).toMatchObject({ protocol: "https:", hostname: HOST });
    const address = `${server.url}/phone/`;
    await expect((await handset(stranger)).goto(address)).rejects.toThrow("net::ERR_CERT_AUTHORITY_INVALID");
    await expect((await handset(trusting)).goto(address.replace(HOST, OTHER))).rejects.toThrow("net::ERR_CERT_COMMON_NAME_INVALID");

    const invited = await handset(trusting);
    await invited.goto(server.invite(LOGIN, "grid_worker:460100"));
    await invited.locator("input[type=password]").fill(PASSWORD);
    await invited.locator("form .main-button").click();
    await expect(invited.locator("input[type=password]")).toHaveCount(0);

    const page = await handset(trusting);
    await page.goto(address);
    await page.getByLabel("Login").fill(LOGIN);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("region", { name: "Matters" })).toContainText("Last synced");
    expect((await page.context().cookies()).map((c) => [c.secure, c.httpOnly])).toEqual([[true, true]]);
    const worker = await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.scriptURL);
    expect(worker).toBe(`${address}sw.js`);

    await server.close(); // really cut: nobody listens there any more
    const again = await page.context().newPage();
    await again.goto(address);
    await expect(again.getByText("No network")).toBeVisible();
    await expect(again.getByRole("region", { name: "Matters" })).toContainText("Last synced");
    await again.screenshot({ path: "test-results/phone-tls.png" });
  } finally {
    await stranger.close();
    await trusting.close();
    await server.close();
    for (const home of homes) rmSync(home, { recursive: true, force: true });
  }
});
