import { addressOf, type PageName } from "../../state/route.ts";

/** The parts of a page, each with its own address. */
export function Tabs({ page, name, tabs, at }: {
  page: PageName;
  name: string;
  tabs: { key: string; label: string; count?: number }[];
  at: string;
}) {
  return (
    <nav className="tabs" aria-label={name}>
      {tabs.map((tab) => (
        <a key={tab.key} href={addressOf(page, tab.key)} aria-current={tab.key === at ? "true" : undefined}>
          {tab.label}
          {tab.count !== undefined && tab.count > 0 && <b>{tab.count}</b>}
        </a>
      ))}
    </nav>
  );
}
