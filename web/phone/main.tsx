import { createRoot } from "react-dom/client";
import "./css/phone.css";
import { App } from "./App.tsx";
import { phone } from "./store/state.ts";
import { begin, follow } from "./store/sync.ts";

function language(): void {
  document.documentElement.lang = phone.get().lang === "zh" ? "zh-CN" : "en";
}

phone.subscribe(language);
language();
follow();
createRoot(document.getElementById("root")!).render(<App />);
void begin();
// In the development server there is none, and an old shell would hide what was changed.
if (import.meta.env.PROD && "serviceWorker" in navigator) {
  void navigator.serviceWorker.register("/phone/sw.js", { scope: "/phone/" });
}
