import { useEffect, useMemo, useRef, useState } from "react";
import { NOTED, type Alert, type Handling, type Priority } from "../../client/types.ts";
import { selectAlert } from "../state/actions.ts";
import { filterAlerts, NO_FILTER, unanswered, type AlertFilter, type When } from "../state/alertList.ts";
import { rowsOf } from "../state/alertRows.ts";
import { app, eventMinute } from "../state/app.ts";
import { load } from "../state/load.ts";
import { loadNoted } from "../state/session.ts";
import { useStore } from "../state/store.ts";
import { AlertRow } from "./AlertRow.tsx";
import { Aside } from "./Aside.tsx";
import { LoadStrip } from "./LoadStrip.tsx";
import { Excel } from "../pages/kit/Excel.tsx";
import { Empty, PriorityGlyph, useNames, useWords } from "./common.tsx";

const PRIORITIES: Priority[] = [1, 2, 3, 4];
const HANDLINGS: Handling[] = ["new", "acknowledged", "handed_on", "dismissed"];
const SPARE_ROWS = 4;

const WHEN: When[] = ["now", "ended", "aside", "noted", "all"];

function Whens({ filter, set }: { filter: AlertFilter; set: (f: AlertFilter) => void }) {
  const t = useWords();
  return (
    <div className="whens" role="group" aria-label={t("filter.when")}>
      {WHEN.map((when) => (
        <button
          key={when} type="button" aria-pressed={filter.when === when} title={t(`when.${when}.title`)}
          onClick={() => {
            if (when === "noted") void loadNoted();
            set({ ...filter, when });
          }}
        >
          {t(`when.${when}`)}
        </button>
      ))}
    </div>
  );
}

interface FiltersProps {
  filter: AlertFilter;
  set: (f: AlertFilter) => void;
  rules: string[];
  /** The most urgent stand first, whatever was chosen. */
  isFlood: boolean;
}

function Filters({ filter, set, rules, isFlood }: FiltersProps) {
  const t = useWords();
  const names = useNames();
  return (
    <div className="filters">
      <input
        type="search"
        aria-label={t("filter.text")}
        placeholder={t("filter.text")}
        value={filter.text}
        onChange={(e) => set({ ...filter, text: e.target.value })}
      />
      <select aria-label={t("filter.rule")} value={filter.rule} onChange={(e) => set({ ...filter, rule: e.target.value })}>
        <option value="">{t("filter.allRules")}</option>
        {rules.map((r) => <option key={r} value={r}>{names("rule", r)}</option>)}
      </select>
      <select
        aria-label={t("filter.handling")}
        value={filter.handlings[0] ?? ""}
        onChange={(e) => {
          const handlings = e.target.value ? [e.target.value as Handling] : [];
          // What was dismissed is never among what goes on.
          set({ ...filter, handlings, when: e.target.value === "dismissed" ? "all" : filter.when });
        }}
      >
        <option value="">{t("filter.allHandlings")}</option>
        {HANDLINGS.map((h) => <option key={h} value={h}>{t(`handling.${h}`)}</option>)}
      </select>
      <select
        aria-label={t("filter.state")}
        value={filter.states[0] ?? ""}
        onChange={(e) => {
          const states = e.target.value ? [e.target.value as Alert["state"]] : [];
          set({ ...filter, states, when: e.target.value === "withdrawn" ? "all" : filter.when });
        }}
      >
        <option value="">{t("filter.allStates")}</option>
        {(["provisional", "confirmed", "withdrawn"] as const).map((s) => <option key={s} value={s}>{t(`state.${s}`)}</option>)}
      </select>
      <select
        aria-label={t("filter.sort")}
        value={isFlood ? "urgency" : filter.sort}
        disabled={isFlood}
        onChange={(e) => set({ ...filter, sort: e.target.value as AlertFilter["sort"] })}
      >
        <option value="urgency">{t("sort.urgency")}</option>
        <option value="time">{t("sort.time")}</option>
      </select>
      <Excel path="/alerts" asked={{ state: filter.states, priority: filter.when === "noted" ? [NOTED] : filter.priorities, handling: filter.handlings, rule: filter.rule, q: filter.text }} />
    </div>
  );
}

function Counts({ open, filter, set }: { open: Alert[]; filter: AlertFilter; set: (f: AlertFilter) => void }) {
  const t = useWords();
  return (
    <div className="counts" role="group" aria-label={t("alerts.byPriority")}>
      {PRIORITIES.map((p) => {
        const on = filter.priorities.includes(p);
        const priorities = on ? filter.priorities.filter((q) => q !== p) : [...filter.priorities, p];
        const n = open.filter((a) => a.priority === p).length;
        return (
          <button key={p} type="button" aria-pressed={on} className={n ? "count" : "count none"} onClick={() => set({ ...filter, priorities })}>
            <PriorityGlyph priority={p} />
            <b>{n}</b>
            <span title={t(`priority.${p}`)}>{t(`priority.short.${p}`)}</span>
          </button>
        );
      })}
    </div>
  );
}

/** Rules to choose from: those that give what can be shown. */
function rulesOf(alerts: Alert[], when: When): string[] {
  const listed = alerts.filter((a) => (a.priority === NOTED) === (when === "noted"));
  return [...new Set(listed.map((a) => a.rule))].sort();
}

export function AlertPanel() {
  const t = useWords();
  const all = useStore(app, (s) => s.alerts);
  const lang = useStore(app, (s) => s.lang);
  const loaded = useStore(app, (s) => s.alertsLoaded);
  const [filter, setFilter] = useState(NO_FILTER);
  const [isOpen, setIsOpen] = useState(false); // of a narrow screen, where it would cover the map
  const now = useStore(app, eventMinute) * 60_000;
  const alerts = useMemo(() => [...all.values()], [all]);
  const isFlood = useStore(load, (s) => s.load?.flood ?? false);
  const shown = useMemo(
    () => filterAlerts(alerts, isFlood ? { ...filter, sort: "urgency" } : filter, lang, now),
    [alerts, filter, isFlood, lang, now],
  );
  const rules = useMemo(() => rulesOf(alerts, filter.when), [alerts, filter.when]);
  const open = useMemo(() => alerts.filter((a) => unanswered(a, now)), [alerts, now]);
  return (
    <aside className={isOpen ? "alerts" : "alerts shut"} aria-label={t("alerts.title")}>
      <header>
        <h2>{t("alerts.title")}</h2>
        <span className={open.length ? "open" : ""}>{t("alerts.open", { n: open.length })}</span>
        <button type="button" className="fold" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>{t(isOpen ? "alerts.fold" : "alerts.unfold")}</button>
      </header>
      <LoadStrip />
      <Counts open={open} filter={filter} set={setFilter} />
      <Whens filter={filter} set={setFilter} />
      <Filters filter={filter} set={setFilter} rules={rules} isFlood={isFlood} />
      {filter.when === "aside" && <Aside />}
      {shown.length > 0 && <AlertList alerts={shown} now={now} />}
      {shown.length === 0 && <Empty>{!loaded ? t("alerts.loading") : alerts.length ? t(filter.when === "now" ? "alerts.noneNow" : "alerts.noneFit") : t("alerts.none")}</Empty>}
    </aside>
  );
}

/** Only the rows in sight are in the page, however many alerts there are. */
function AlertList({ alerts: all, now }: { alerts: Alert[]; now: number }) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => rowsOf(all, opened), [all, opened]);
  const alerts = useMemo(() => rows.map((row) => row.alert), [rows]);
  const open = (group: string, isOpen: boolean): void => {
    const next = new Set(opened);
    if (isOpen) next.add(group);
    else next.delete(group);
    setOpened(next);
  };
  const t = useWords();
  const selection = useStore(app, (s) => s.selection);
  const arrived = useStore(app, (s) => s.arrived);
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800, row: 64 });
  useEffect(() => {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const measure = (): void =>
      setView((v) => ({ ...v, height: box.current?.clientHeight ?? 800, row: Math.round(6.1 * rem) }));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  const selected = selection?.kind === "alert" ? selection.id : null;
  const at = alerts.findIndex((a) => a.id === selected);
  useEffect(() => {
    const el = box.current;
    if (!el || at < 0) return;
    if (at * view.row < el.scrollTop) el.scrollTop = at * view.row;
    if ((at + 1) * view.row > el.scrollTop + el.clientHeight) el.scrollTop = (at + 1) * view.row - el.clientHeight;
  }, [selected]);
  const onKeyDown = (e: React.KeyboardEvent): void => {
    if (e.key === "Enter") document.querySelector<HTMLElement>(".side .panel-body")?.focus();
    const chosen = rows[at];
    if (chosen && (e.key === "ArrowRight" || e.key === "ArrowLeft")) open(chosen.alert.group, e.key === "ArrowRight");
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -alerts.length, End: alerts.length }[e.key];
    if (step === undefined) return;
    e.preventDefault();
    const to = at < 0 ? 0 : Math.min(alerts.length - 1, Math.max(0, at + step));
    selectAlert(alerts[to]!);
  };
  const first = Math.max(0, Math.floor(view.top / view.row) - SPARE_ROWS);
  const last = Math.min(alerts.length, Math.ceil((view.top + view.height) / view.row) + SPARE_ROWS);
  return (
    <div
      ref={box}
      className="alert-list"
      role="listbox"
      tabIndex={0}
      aria-label={t("alerts.title")}
      aria-activedescendant={at >= first && at < last ? `alert-${selected}` : undefined}
      onKeyDown={onKeyDown}
      onScroll={(e) => setView({ ...view, top: e.currentTarget.scrollTop })}
    >
      <div role="presentation" style={{ height: alerts.length * view.row }}>
        {rows.slice(first, last).map(({ alert: a, ...row }, i) => (
          <AlertRow
            key={a.id}
            alert={a}
            {...row}
            onOpen={open}
            top={(first + i) * view.row}
            height={view.row}
            index={first + i}
            of={alerts.length}
            selected={a.id === selected}
            arrived={arrived.get(a.id)}
            now={now}
          />
        ))}
      </div>
    </div>
  );
}
