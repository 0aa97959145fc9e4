import { useWords } from "../../parts/common.tsx";
import { route } from "../../state/route.ts";
import { useStore } from "../../state/store.ts";
import { Tabs } from "../kit/Tabs.tsx";
import { Standing } from "./Standing.tsx";

const TABS = ["standing"] as const;

/** Who may see what, why, and who can prove it. */
export default function OversightPage() {
  const t = useWords();
  const rest = useStore(route, (s) => s.rest);
  const at = TABS.find((tab) => tab === rest) ?? "standing";
  return (
    <div className="stack">
      <header>
        <h2>{t("page.oversight")}</h2>
        <Tabs page="oversight" name={t("page.oversight")} tabs={TABS.map((key) => ({ key, label: t(`over.tab.${key}`) }))} at={at} />
      </header>
      <div className="sheet">{at === "standing" && <Standing />}</div>
    </div>
  );
}
