import { useStore } from "../../state/store.ts";
import { mine, offered } from "../../state/mine.ts";
import { route } from "../../state/route.ts";
import { useWords } from "../../parts/common.tsx";
import { Tabs } from "../kit/Tabs.tsx";
import { Counts } from "./Counts.tsx";
import { Policies } from "./Policies.tsx";
import { Reviews } from "./Reviews.tsx";
import { Settings } from "./Settings.tsx";
import { Waiting } from "./Waiting.tsx";

/** What makes the watch blinder and waits for a second person; what the rules judge by; what was dismissed and wants another look. */
export default function ChangesPage() {
  const t = useWords();
  const my = useStore(mine, (s) => s.mine);
  const rest = useStore(route, (s) => s.rest);
  const tabs = [
    ...(my?.changes ? [{ key: "waiting", label: t("change.tab.waiting") }] : []),
    ...(offered(my, "detector.read").length > 0 ? [{ key: "settings", label: t("change.tab.settings") }] : []),
    ...(my?.reviews ? [{ key: "reviews", label: t("change.tab.reviews") }] : []),
    // Who is dismissed how often is oversight, and no business of the desk that dismisses.
    ...(my?.pages.includes("oversight") ? [{ key: "counts", label: t("change.tab.counts") }] : []),
    ...(["policy.propose", "policy.sign"].some((act) => offered(my, act).length > 0) ? [{ key: "policies", label: t("change.tab.policies") }] : []),
  ];
  const at = tabs.some((tab) => tab.key === rest) ? rest : tabs[0]?.key ?? "";
  return (
    <div className="sheet">
      <header>
        <h2>{t("page.changes")}</h2>
      </header>
      <Tabs page="changes" name={t("page.changes")} tabs={tabs} at={at} />
      {at === "waiting" && <Waiting />}
      {at === "settings" && <Settings />}
      {at === "reviews" && <Reviews />}
      {at === "counts" && <Counts />}
      {at === "policies" && <Policies />}
    </div>
  );
}
