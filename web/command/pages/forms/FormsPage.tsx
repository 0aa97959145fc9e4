import { useWords } from "../../parts/common.tsx";
import { mine, offered } from "../../state/mine.ts";
import { route } from "../../state/route.ts";
import { useStore } from "../../state/store.ts";
import { Tabs } from "../kit/Tabs.tsx";
import { HandedIn } from "./HandedIn.tsx";
import { Kept } from "./Kept.tsx";
import { Upload } from "./Upload.tsx";

/** Forms of the own unit, and what was handed in by them. */
export default function FormsPage() {
  const t = useWords();
  const my = useStore(mine, (s) => s.mine);
  const rest = useStore(route, (s) => s.rest);
  const tabs = [
    ...(offered(my, "form.answers").length ? [{ key: "answers", label: t("form.tab.answers") }] : []),
    { key: "kept", label: t("form.tab.kept") },
    ...(offered(my, "form.write").length ? [{ key: "upload", label: t("form.tab.upload") }] : []),
  ];
  const at = tabs.find((tab) => tab.key === rest)?.key ?? tabs[0]!.key;
  return (
    <div className="stack">
      <header>
        <h2>{t("page.forms")}</h2>
        <Tabs page="forms" name={t("page.forms")} tabs={tabs} at={at} />
      </header>
      <div className="sheet">
        {at === "answers" && <HandedIn />}
        {at === "kept" && <Kept />}
        {at === "upload" && <Upload />}
      </div>
    </div>
  );
}
