import { past, type Figures, type Series } from "../../../client/past.ts";
import { PastLinks } from "../../parts/PageLinks.tsx";
import { Empty, useNames, useWords } from "../../parts/common.tsx";
import { route } from "../../state/route.ts";
import { useStore } from "../../state/store.ts";
import { Excel } from "../kit/Excel.tsx";
import { Section } from "../kit/Section.tsx";
import { Answer } from "../kit/States.tsx";
import { Table } from "../kit/Table.tsx";
import { Tabs } from "../kit/Tabs.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { Bars } from "./Bars.tsx";
import { gathered, total } from "./shape.ts";
import "./figures.css";

const SPANS = ["24h", "30d"] as const;
const MOST_COLUMNS = 180;

/** Counts of the last day or month: what was heard, crossed, received and alerted. Of no vessel by itself. */
export default function FiguresPage() {
  const t = useWords();
  const rest = useStore(route, (s) => s.rest);
  const span = SPANS.find((s) => s === rest) ?? "24h";
  const found = useAsk(() => past.figures(span), [span]);
  return (
    <div className="stack">
      <header>
        <h2>{t("page.figures")}</h2>
        <PastLinks />
        <Tabs page="figures" name={t("page.figures")} tabs={SPANS.map((key) => ({ key, label: t(`figures.${key}`) }))} at={span} />
        <Excel path="/figures" asked={{ span }} />
      </header>
      <div className="sheet">
        <Answer of={found}>{(figures) => <Charts figures={figures} />}</Answer>
      </div>
    </div>
  );
}

function Charts({ figures }: { figures: Figures }) {
  const t = useWords();
  const names = useNames();
  const ring = (pair: string): string => pair.split(">").map((r) => names("ring", r)).join(" → ");
  const parts: { key: string; series: Series[]; label: (of: string) => string; isSum: boolean }[] = [
    { key: "heard", series: figures.heard, label: (of) => names("category", of), isSum: false },
    { key: "crossed", series: figures.crossed, label: ring, isSum: true },
    { key: "alerts", series: figures.alerts, label: (of) => names("priority", of), isSum: true },
    { key: "positions", series: figures.positions, label: (of) => of, isSum: true },
    { key: "vessels", series: figures.vessels, label: (of) => of, isSum: false },
  ];
  return (
    <>
      {figures.missing_days.length > 0 && <p className="note" role="status">{t("figures.missing", { n: figures.missing_days.length })}</p>}
      {parts.map(({ key, series, label, isSum }) => {
        const title = t(`figures.${key}` as "figures.heard");
        // Different vessels of several hours are not the sum of those of each: these stay by the hour.
        const { series: shown, step } = isSum ? gathered(series, figures.hours.length, MOST_COLUMNS) : { series, step: 1 };
        const hours = figures.hours.filter((_, i) => i % step === 0);
        return (
          <Section key={key} title={title}>
            {series.length === 0 ? <Empty>{t("figures.none")}</Empty> : (
              <>
                <Bars title={step > 1 ? t("figures.byHours", { n: step }) : t("figures.byHour")} hours={hours} series={shown} label={label} />
                <details>
                  <summary>{t("figures.table")}</summary>
                  <Table
                    name={title}
                    rows={series}
                    keyOf={(s) => s.of}
                    columns={[
                      { key: "of", head: t("figures.of"), isHead: true, cell: (s) => label(s.of) },
                      ...(isSum ? [{ key: "sum", head: t("figures.sum"), isNumber: true, cell: (s: Series) => total(s) }] : []),
                      { key: "most", head: t("figures.most"), isNumber: true, cell: (s) => Math.max(...s.counts) },
                      { key: "mean", head: t("figures.mean"), isNumber: true, cell: (s) => (total(s) / s.counts.length).toFixed(1) },
                    ]}
                  />
                </details>
              </>
            )}
          </Section>
        );
      })}
      <Section title={t("figures.outcomes")}>
        {figures.outcomes.length === 0 ? <Empty>{t("figures.none")}</Empty> : (
          <Table
            name={t("figures.outcomes")}
            rows={figures.outcomes}
            keyOf={(o) => `${o.rule} ${o.priority} ${o.outcome}`}
            columns={[
              { key: "rule", head: t("figures.rule"), isHead: true, cell: (o) => names("rule", o.rule) },
              { key: "priority", head: t("figures.priority"), cell: (o) => names("priority", String(o.priority)) },
              { key: "outcome", head: t("figures.outcome"), cell: (o) => names("alertEnd", o.outcome) },
              { key: "count", head: t("figures.count"), isNumber: true, cell: (o) => o.count },
            ]}
          />
        )}
      </Section>
    </>
  );
}
