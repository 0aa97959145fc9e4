import { chromium } from "@playwright/test";
const url = process.argv[2]!;
const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox","--use-gl=angle","--use-angle=swiftshader","--enable-unsafe-swiftshader","--disable-background-networking"] });
for (const spec of process.argv.slice(3)) {
  const [name, palette, lang, size, ...keys] = spec.split(":");
  const [w, h] = size!.split("x").map(Number);
  const p = await b.newPage({ viewport: { width: w!, height: h! }, locale: "en-US", reducedMotion: "reduce" });
  p.on("pageerror", (e) => console.log(name, "ERR", e.message));
  p.on("console", (m) => m.type() === "error" && console.log(name, "CON", m.text()));
  await p.addInitScript((s) => localStorage.setItem("littoral.screen", s), JSON.stringify({ palette, lang }));
  await p.goto(url);
  await p.waitForFunction(() => / [1-9][\d,]* (targets)|目标/.test(document.querySelector(".health")?.textContent ?? "") || true);
  await p.waitForTimeout(5000);
  for (const k of keys.join(":").split(",").filter(Boolean)) {
    if (k.startsWith("wait")) await p.waitForTimeout(Number(k.slice(4)));
    else if (k.startsWith("type=")) await p.keyboard.type(k.slice(5));
    else if (k.startsWith("click=")) { const [x, y] = k.slice(6).split("/").map(Number); await p.mouse.click(x!, y!); }
    else if (k.startsWith("sel=")) await p.locator(k.slice(4)).first().click();
    else await p.keyboard.press(k);
    await p.waitForTimeout(400);
  }
  await p.waitForTimeout(2500);
  await p.screenshot({ path: `/tmp/shots/${name}.png` });
  await p.close();
}
await b.close();
