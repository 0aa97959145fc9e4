import { useState } from "react";
import { changes, type DismissalCount } from "../../../client/changes.ts";
import { useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { usePages } from "../kit/Pages.tsx";
import { Answer } from "../kit/States.tsx";
import { Table } from "../kit/Table.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";

const DAYS = [7, 30, 90, 366];

/** Whose alerts are dismissed again and again, and by which desk. */
export function Counts() {
  const t = useWords();
  const [days, setDays] = useState(30);
  const counts = useAsk(() => changes.counts(days), [days]);
  return (
    <>
      <div className="sieve">
        <select aria-label={t("count.days")} value={days} onChange={(e) => setDays(Number(e.target.value))}>
          {DAYS.map((d) => <option key={d} value={d}>{t("count.nDays", { n: d })}</option>)}
        </select>
      </div>
      <Answer of={counts} isEmpty={(page) => page.items.length === 0} empty={t("count.none")}>
        {(page) => <CountTable items={page.items} />}
      </Answer>
    </>
  );
}

function CountTable({ items }: { items: DismissalCount[] }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const desk = (c: DismissalCount): string => {
    const [unit, agency] = c.desk.split("/");
    return [c.unit_name?.[lang] ?? unit, agency && names("agency", agency)].filter(Boolean).join(" / ");
  };
  const { shown, pager } = usePages(items);
  return (
    <>
      <Table
        name={t("change.tab.counts")}
        columns={[
          { key: "thing", head: t("count.thing"), isHead: true, isText: true, cell: (c) => (c.name ? <span title={c.thing}>{c.name}</span> : c.thing) },
          { key: "desk", head: t("count.desk"), cell: (c) => <span title={c.desk}>{desk(c)}</span> },
          { key: "n", head: t("count.n"), isNumber: true, cell: (c) => c.count },
          { key: "last", head: t("count.last"), cell: (c) => <When at={c.last} /> },
        ]}
        rows={shown}
        keyOf={(c) => `${c.thing} ${c.desk}`}
      />
      {pager}
    </>
  );
}
