import { useEffect } from "react";
import { useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { signOut } from "../../state/me.ts";
import { useStore } from "../../state/store.ts";
import { Policies } from "./Policies.tsx";

/** In place of every page while no policies are in force: who may sign them does so here. */
export default function PoliciesRefused() {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  useEffect(() => void (document.title = t("policy.refused")), [t]);
  return (
    <main className="page sheet">
      <header>
        <h2>{t("policy.refused")}</h2>
        <div className="buttons">
          <button type="button" lang={lang === "zh" ? "en" : "zh-CN"} onClick={() => app.set({ lang: lang === "zh" ? "en" : "zh" })}>
            {lang === "zh" ? "English" : "中文"}
          </button>
          <button type="button" onClick={() => void signOut()}>{t("who.out")}</button>
        </div>
      </header>
      <p className="note">{t("policy.refused.note")}</p>
      <Policies />
    </main>
  );
}
