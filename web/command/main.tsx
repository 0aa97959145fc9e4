import { createRoot } from "react-dom/client";
import "virtual:openbridge-palettes.css";
import "./css/base.css";
import "./css/frame.css";
import "./css/panels.css";
import "./css/alerts.css";
import "./css/door.css";
import "./css/pages.css";
import "./css/duty.css";
import "./css/notices.css";
import "./css/narrow.css";
import { App } from "./App.tsx";
import { sounder } from "./state/sound.ts";
import { app } from "./state/app.ts";
import { ask, known } from "./state/me.ts";
import { askPages } from "./state/mine.ts";

/** The palette, the language and the sound follow the state, whoever changed it. */
function follow(): void {
  const s = app.get();
  const root = document.documentElement;
  if (root.dataset.obcTheme !== s.palette) root.dataset.obcTheme = s.palette;
  const lang = s.lang === "zh" ? "zh-CN" : "en";
  if (root.lang !== lang) root.lang = lang;
  sounder.muted = s.muted;
}

app.subscribe(follow);
follow();
for (const event of ["pointerdown", "keydown"]) {
  window.addEventListener(event, () => void sounder.wake().then((soundReady) => {
    if (soundReady !== app.get().soundReady) app.set({ soundReady });
  }));
}
// A part of the page is gone: the server was upgraded while the page was open. The new page has new parts.
window.addEventListener("vite:preloadError", (event) => {
  const key = "littoral.renewed";
  if (Date.now() - Number(sessionStorage.getItem(key) ?? 0) < 30_000) return; // it did not help
  sessionStorage.setItem(key, String(Date.now()));
  event.preventDefault();
  location.reload();
});
createRoot(document.getElementById("root")!).render(<App />);
void ask();
void known().then(askPages);
