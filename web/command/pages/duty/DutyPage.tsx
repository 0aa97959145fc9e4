import { useCallback, useEffect, useState, type ComponentType } from "react";
import { duty, type DutyDesk, type DutyWatch } from "../../../client/duty.ts";
import { reach } from "../../../client/reach.ts";
import { Empty, useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { mine, offered } from "../../state/mine.ts";
import { route } from "../../state/route.ts";
import { useStore } from "../../state/store.ts";
import { Answer } from "../kit/States.tsx";
import { Tabs } from "../kit/Tabs.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { DeskNotices } from "./DeskNotices.tsx";
import { Faults } from "./Faults.tsx";
import { Handovers } from "./Handovers.tsx";
import { Log } from "./Log.tsx";
import { Now } from "./Now.tsx";
import { RosterDialog } from "./RosterDialog.tsx";
import { RosterImport } from "./RosterImport.tsx";
import { RosterTab } from "./RosterTab.tsx";
import { isAt, ownDesk } from "./shifts.ts";

/** What each part of the page is given: the desk's watch as it stands, and how to ask for it again. */
export interface Part {
  watch: DutyWatch;
  onChanged: () => void;
}

const TABS = { now: Now, notices: DeskNotices, roster: RosterTab, log: Log, faults: Faults, handover: Handovers } satisfies Record<string, ComponentType<Part>>;
type Tab = keyof typeof TABS;
const EVERY_MS = 15_000;

/** Who has the watch, and what goes from one watch to the next. */
export default function DutyPage() {
  const t = useWords();
  const desks = useAsk(async () => (await duty.desks()).items, []);
  return (
    <Answer of={desks}>
      {(found) => (found.length === 0 ? <First onMade={() => void desks.reload()} /> : <Desks found={found} noneOf={t("duty.desk")} />)}
    </Answer>
  );
}

/** No desk has a roster yet: whoever plans makes the first one. */
function First({ onMade }: { onMade: () => void }) {
  const t = useWords();
  const my = useStore(mine, (s) => s.mine);
  const [open, setOpen] = useState<"plan" | "import" | null>(null);
  const place = my?.places[0];
  const mayPlan = offered(my, "duty.plan").length > 0;
  return (
    <div className="stack">
      <header><h2>{t("page.duty")}</h2></header>
      <div className="sheet">
        <Empty>{t(mayPlan ? "duty.none" : "duty.noneYours")}</Empty>
        {mayPlan && place && <button type="button" className="main-button" onClick={() => setOpen("plan")}>{t("duty.plan")}</button>}
        {mayPlan && place && <button type="button" onClick={() => setOpen("import")}>{t("duty.import")}</button>}
        {open === "plan" && place && <RosterDialog desk={place} onClose={() => setOpen(null)} onDone={onMade} />}
        {open === "import" && place && <RosterImport desk={place} onClose={() => setOpen(null)} onDone={onMade} />}
      </div>
    </div>
  );
}

const keyOf = (desk: { unit: string; agency: string }): string => `${desk.unit}/${desk.agency}`;

function Desks({ found, noneOf }: { found: DutyDesk[]; noneOf: string }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const places = useStore(mine, (s) => s.mine?.places);
  const rest = useStore(route, (s) => s.rest);
  const own = ownDesk(found, places)!;
  const [key, setKey] = useState(keyOf(own));
  const desk = found.find((d) => keyOf(d) === key) ?? own;
  const watch = useAsk(() => duty.watch(desk), [key]);
  const my = useStore(mine, (s) => s.mine);
  const tells = isAt(places, desk) && offered(my, "notice.read").length > 0;
  const calls = useAsk(async () => (tells ? (await reach.ofDesk()).items.flatMap((n) => n.to_call).length : 0), [key, tells]);
  const again = useCallback(() => {
    void watch.reload();
    void calls.reload();
  }, [watch.reload, calls.reload]);
  useEffect(() => {
    const timer = setInterval(() => document.hidden || again(), EVERY_MS);
    return () => clearInterval(timer);
  }, [again]);
  const toCall = calls.data ?? 0;
  useEffect(() => {
    if (toCall > 0) app.set({ announce: { text: t("duty.notices.calls", { n: toCall }), urgent: true } });
  }, [toCall]);
  const at: Tab = rest in TABS && (rest !== "notices" || tells) ? (rest as Tab) : "now";
  const Shown = TABS[at];
  const counts: Partial<Record<Tab, number>> = {
    notices: toCall,
    roster: watch.data?.figures.papers_waiting,
    faults: watch.data ? watch.data.figures.faults_open + watch.data.figures.windows_open : undefined,
    handover: watch.data?.handovers.filter((p) => p.state !== "taken_over").length,
  };
  return (
    <div className="stack duty">
      <header>
        <div className="inline">
          <h2>{t("page.duty")}</h2>
          <select aria-label={noneOf} value={keyOf(desk)} onChange={(e) => setKey(e.target.value)}>
            {found.map((d) => <option key={keyOf(d)} value={keyOf(d)}>{d.unit_name[lang]} · {names("agency", d.agency)}</option>)}
          </select>
        </div>
        <Tabs page="duty" name={t("page.duty")} tabs={(Object.keys(TABS) as Tab[]).filter((k) => k !== "notices" || tells).map((k) => ({ key: k, label: t(`duty.tab.${k}`), count: counts[k] }))} at={at} />
      </header>
      <div className="sheet" key={key}>
        <Answer of={watch}>{(data) => <Shown watch={data} onChanged={again} />}</Answer>
      </div>
    </div>
  );
}
