/** What a page asks for by itself is never refused: a refusal in the log is then somebody's act. */
import type { Page, Response } from "@playwright/test";
import { expect, test } from "./desk.ts";

const PEOPLE = [
  "watch lead, police", "watch officer, coast guard", "analyst, customs", "investigator, customs", "agency lead, customs", "county clerk, Haikou",
  "health officer", "grid worker, Haikou", "auditor", "data protection officer, customs", "administrator of accounts", "policy signer",
];

/** The map asks the same for all to whom it opens. */
const ON_MAP = new Set(["watch lead, police", "county clerk, Haikou"]);

/** What the page asks for: statuses of 400 and above by path, and how many are under way. */
function listen(page: Page): { refused: string[]; settled: () => Promise<void> } {
  const refused: string[] = [];
  let open = 0;
  let quietSince = Date.now();
  const ended = (): void => {
    open -= 1;
    quietSince = Date.now();
  };
  page.on("request", () => (open += 1));
  page.on("requestfinished", ended);
  page.on("requestfailed", ended);
  page.on("response", (r: Response) => {
    if (r.status() >= 400) refused.push(`${r.request().method()} ${new URL(r.url()).pathname} ${r.status()}`);
  });
  return {
    refused,
    settled: async () => {
      quietSince = Date.now();
      await expect.poll(() => open <= 0 && Date.now() - quietSince > 400, { intervals: [100], timeout: 20_000 }).toBe(true);
    },
  };
}

for (const title of PEOPLE) {
  test(`all pages and their parts, as ${title}`, async ({ as }) => {
    test.setTimeout(180_000);
    const page = await as(title, "#duty"); // no map is drawn for it: that takes a core
    const { refused, settled } = listen(page);
    await page.reload();
    await expect(page.locator(".topbar")).toBeVisible();
    const links = page.getByRole("navigation", { name: "Pages" }).getByRole("link");
    const pages = await links.evaluateAll((all) => all.map((a) => a.getAttribute("href")!));
    const seen = new Set<string>();
    const wanted = pages.filter((address) => address !== "#map" || ON_MAP.has(title));
    for (const address of wanted.length > 0 ? wanted : [""]) {
      if (address) await page.evaluate((hash) => (location.hash = hash), address);
      await settled();
      const tabs = page.locator(".page .tabs a");
      for (const tab of await tabs.evaluateAll((all) => all.map((a) => a.getAttribute("href")!))) {
        await page.evaluate((hash) => (location.hash = hash), tab);
        await settled();
        seen.add(tab);
      }
      seen.add(address);
      expect(refused, `at ${[...seen].join(" ")}`).toEqual([]);
    }
  });
}
