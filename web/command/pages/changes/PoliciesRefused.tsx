import { useEffect } from "react";
import { useWords } from "../../parts/common.tsx";
import { signOut } from "../../state/me.ts";
import { Policies } from "./Policies.tsx";

/** In place of every page while no policies are in force: who may sign them does so here. */
export default function PoliciesRefused() {
  const t = useWords();
  useEffect(() => void (document.title = t("policy.refused")), [t]);
  return (
    <main className="sheet">
      <header>
        <h2>{t("policy.refused")}</h2>
        <button type="button" onClick={() => void signOut()}>{t("who.out")}</button>
      </header>
      <p className="note">{t("policy.refused.note")}</p>
      <Policies />
    </main>
  );
}
