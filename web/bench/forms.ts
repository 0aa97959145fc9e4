/** Opens XForms as the phone does, in headless Chromium over the built pages, and says of each whether it shows. Prints
 * one JSON object; judged by bench/forms.py. `tsx bench/forms.ts FOLDER PAGES POLICY` */
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { chromium } from "@playwright/test";
import { CHROMIUM, FLAGS } from "../e2e/browser.ts";

const [folder, pages, policy] = process.argv.slice(2) as [string, string, string];
const TYPES: Record<string, string> = { ".js": "text/javascript", ".css": "text/css", ".html": "text/html; charset=utf-8", ".svg": "image/svg+xml" };
const WAIT_MS = 60_000;

const server = createServer((request, response) => {
  const path = new URL(request.url!, "http://127.0.0.1").pathname;
  const [, form] = /^\/api\/v1\/forms\/([\w.-]+)\/form\.xml$/.exec(path) ?? [];
  try {
    const content = readFileSync(form ? join(folder, `${form}.xml`) : join(pages, path));
    response.writeHead(200, { "content-type": form ? "application/xml; charset=utf-8" : (TYPES[extname(path)] ?? "text/plain"), "content-security-policy": policy });
    response.end(content);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const address = server.address() as { port: number };
const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
const found: Record<string, { shown: boolean; questions: number; ms: number; said: string }> = {};
try {
  for (const name of readdirSync(folder).filter((f) => f.endsWith(".xml")).sort()) {
    const form = name.replace(/\.xml$/, "");
    const page = await browser.newPage({ viewport: { width: 390, height: 844 }, locale: "en-US" });
    const wrong: string[] = [];
    page.on("pageerror", (e) => wrong.push(e.message));
    page.on("console", (m) => /Content Security Policy/.test(m.text()) && wrong.push(m.text()));
    const began = performance.now();
    await page.goto(`http://127.0.0.1:${address.port}/phone/fill.html#preview/${form}`);
    const state = page.locator(".form-initialization-status.ready, .form-initialization-status.error");
    await state.waitFor({ state: "attached", timeout: WAIT_MS }).catch(() => wrong.push("it did not show in a minute"));
    const shown = (await page.locator(".form-initialization-status.ready").count()) > 0;
    const ms = Math.round(performance.now() - began);
    const said = shown ? "" : await page.locator("[role=dialog], .form-load-failure-dialog").first().innerText({ timeout: 5000 }).catch(() => "");
    const questions = await page.locator(".question-container").count();
    found[form] = { shown: shown && wrong.length === 0, questions, ms, said: [...wrong, said].join(" ").replace(/\s+/g, " ").trim().slice(0, 300) };
    await page.close();
  }
} finally {
  await browser.close();
  server.close();
}
console.log(JSON.stringify(found));
