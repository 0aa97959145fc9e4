import type { ComponentType } from "react";
import { useWords } from "../../parts/common.tsx";
import { route } from "../../state/route.ts";
import { useStore } from "../../state/store.ts";
import { Tabs } from "../kit/Tabs.tsx";
import { Accesses } from "./Accesses.tsx";
import { Assessments } from "./Assessments.tsx";
import { Glass } from "./Glass.tsx";
import { Patterns } from "./Patterns.tsx";
import { Persons } from "./Persons.tsx";
import { Report } from "./Report.tsx";
import { Retention } from "./Retention.tsx";
import { Standing } from "./Standing.tsx";

const TABS = { standing: Standing, accesses: Accesses, patterns: Patterns, glass: Glass, assessments: Assessments, retention: Retention, persons: Persons, report: Report } satisfies Record<string, ComponentType>;
type Tab = keyof typeof TABS;

/** Who may see what, why, and who can prove it. */
export default function OversightPage() {
  const t = useWords();
  const rest = useStore(route, (s) => s.rest);
  const at: Tab = rest in TABS ? (rest as Tab) : "standing";
  const Shown = TABS[at];
  return (
    <div className="stack">
      <header>
        <h2>{t("page.oversight")}</h2>
        <Tabs page="oversight" name={t("page.oversight")} tabs={(Object.keys(TABS) as Tab[]).map((key) => ({ key, label: t(`over.tab.${key}`) }))} at={at} />
      </header>
      <div className="sheet"><Shown /></div>
    </div>
  );
}
