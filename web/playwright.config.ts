import { defineConfig } from "@playwright/test";
import { CHROMIUM, FLAGS } from "./e2e/browser.ts";

// One browser at a time: with software WebGL each page takes a whole core.
export default defineConfig({
  testDir: "e2e",
  testMatch: process.env.LITTORAL_NIGHT ? "*.night.ts" : "*.spec.ts", // a night takes minutes: `make bench NAME=shift`
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 30_000 },
  retries: 1, // and is named as flaky: docs/decisions/0071
  reporter: "list",
  use: {
    viewport: { width: 1366, height: 768 },
    locale: "en-US",
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: { executablePath: CHROMIUM, args: FLAGS },
    trace: "off",
    actionTimeout: 30_000,
    screenshot: "only-on-failure",
  },
});
