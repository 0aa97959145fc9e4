import { useWords } from "../../parts/common.tsx";
import { mine, offered } from "../../state/mine.ts";
import { route } from "../../state/route.ts";
import { useStore } from "../../state/store.ts";
import { Tabs } from "../kit/Tabs.tsx";
import { Accounts } from "./Accounts.tsx";
import { Import } from "./Import.tsx";
import { Keys } from "./Keys.tsx";
import { Pairs } from "./Pairs.tsx";
import { Sharings } from "./Sharings.tsx";

/** Who works where, in which role and until when. */
export default function PeoplePage() {
  const t = useWords();
  const my = useStore(mine, (s) => s.mine);
  const rest = useStore(route, (s) => s.rest);
  const tabs = [
    { key: "accounts", label: t("people.tab.accounts") },
    { key: "waiting", label: t("people.tab.waiting") },
    ...(offered(my, "sharing.read").length ? [{ key: "sharings", label: t("people.tab.sharings") }] : []),
    ...(offered(my, "user.write").length ? [{ key: "import", label: t("people.tab.import") }] : []),
    ...(offered(my, "key.write").length ? [{ key: "keys", label: t("people.tab.keys") }] : []),
  ];
  const at = tabs.some((tab) => tab.key === rest) ? rest : "accounts";
  return (
    <div className="stack">
      <header>
        <h2>{t("page.people")}</h2>
        <Tabs page="people" name={t("page.people")} tabs={tabs} at={at} />
      </header>
      {at === "accounts" && <Accounts />}
      {at === "waiting" && <div className="sheet"><Pairs /></div>}
      {at === "sharings" && <div className="sheet"><Sharings /></div>}
      {at === "import" && <div className="sheet"><Import /></div>}
      {at === "keys" && <div className="sheet"><Keys /></div>}
    </div>
  );
}
