import { useEffect, useState } from "react";
import { api } from "../../client/http.ts";
import { KINDS } from "../../client/category.ts";
import type { Vessel } from "../../client/types.ts";
import { KNOT_MPS } from "../../map/geo.ts";
import { rowOfTrack } from "../../map/pick.ts";
import { formatPosition } from "../../map/position.ts";
import { goTo, select, selectAlert } from "../state/actions.ts";
import { app, tick } from "../state/app.ts";
import { chart } from "../state/chartHost.ts";
import { entryOf } from "../state/listed.ts";
import { live } from "../state/live.ts";
import { over } from "../state/overlay.ts";
import { report } from "../state/report.ts";
import { useStore } from "../state/store.ts";
import { ageText } from "../state/time.ts";
import { Gear } from "./Gear.tsx";
import { watchList } from "../state/watchList.ts";
import { Icon } from "./Icon.tsx";
import { ListVessel } from "./ListVessel.tsx";
import { OneListed } from "./WatchList.tsx";
import { Empty, Facts, Panel, PriorityGlyph, useNames, useWords } from "./common.tsx";

/** The lake gets what is settled every few seconds. */
const AGAIN_MS = 15_000;
const PAST_HOURS = [1, 3, 12, 24];

/** The numbers of the live picture, read again at each update. */
function useNow(track: number | null) {
  useStore(tick, (s) => s.n);
  const p = chart.current?.picture;
  if (!p || track === null) return null;
  const i = rowOfTrack(p, track);
  if (i < 0) return null;
  const number = (v: number): number | null => (Number.isNaN(v) ? null : v);
  return {
    lon: p.lonLat[2 * i]!, lat: p.lonLat[2 * i + 1]!,
    sogKn: number(p.sogMps[i]! / KNOT_MPS), cogDeg: number(p.cogDeg[i]!), headingDeg: number(p.headingDeg[i]!),
    nav: p.navStatus[i]!, ageS: (p.eventMs - p.lastMs[i]!) / 1000, lost: p.state[i] === 1, kind: KINDS[p.kind[i]!],
  };
}

function Past({ id }: { id: string }) {
  const t = useWords();
  const [hours, setHours] = useState(3);
  const [count, setCount] = useState<number | null>(null);
  useEffect(() => {
    let current = true;
    const load = (): void => {
      const now = Date.parse(app.get().health?.event_time ?? new Date().toISOString());
      api.positions(id, new Date(now - hours * 3_600_000).toISOString()).then((page) => {
        if (!current) return;
        over.past = page.items.flatMap(({ lon, lat }) => (lon === null || lat === null ? [] : [{ lon, lat }]));
        setCount(page.items.length);
        chart.current?.redraw();
      }, report);
    };
    load();
    const timer = setInterval(load, AGAIN_MS);
    return () => {
      current = false;
      clearInterval(timer);
      over.past = [];
      chart.current?.redraw();
    };
  }, [id, hours]);
  return (
    <div className="past">
      <div className="chips" role="group" aria-label={t("vessel.past")}>
        {PAST_HOURS.map((h) => (
          <button key={h} type="button" aria-pressed={h === hours} onClick={() => setHours(h)}>{h} h</button>
        ))}
      </div>
      <span>{count === null ? "…" : t("vessel.pastCount", { n: count })}</span>
    </div>
  );
}

/** Whether people look out for her: why, or the form that lists her. */
function Looking({ vessel }: { vessel: Vessel }) {
  const t = useWords();
  const [isAsked, setAsked] = useState(false);
  const mayRead = useStore(watchList, (s) => s.mayRead);
  const entry = entryOf(useStore(watchList, (s) => s.listed), vessel);
  if (!mayRead) return null;
  return (
    <section aria-label={t("panel.watchList")}>
      <h3>{t("panel.watchList")}</h3>
      {entry && <OneListed entry={entry} />}
      {!entry && <div className="buttons"><button type="button" aria-expanded={isAsked} onClick={() => setAsked(!isAsked)}>{t("watched.add")}</button></div>}
      {!entry && isAsked && <ListVessel vessel={{ mmsi: vessel.mmsi, imo: vessel.imo ?? null, name: null }} onDone={() => setAsked(false)} />}
    </section>
  );
}

export function VesselPanel({ id }: { id: string }) {
  const t = useWords();
  const names = useNames();
  const known = useStore(app, (s) => s.vessel);
  const [vessel, setVessel] = useState<Vessel | null>(known?.id === id ? known : null);
  const alerts = useStore(app, (s) => s.alerts);
  useEffect(() => {
    let current = true;
    void live.find([id]).then(async ([v]) => {
      const found = v ?? (await api.track(id));
      if (!current) return;
      setVessel(found);
      app.set({ vessel: found });
      chart.current?.redraw();
    }).catch(report);
    return () => {
      current = false;
    };
  }, [id]);
  const now = useNow(vessel?.track ?? null);
  if (!vessel) return <Panel title={t("panel.vessel")} onClose={() => select(null)}><progress /></Panel>;
  const mine = [...alerts.values()].filter((a) => a.things.some((thing) => thing.ref === `vessel:${id}`)).sort((a, b) => (a.raised < b.raised ? 1 : -1));
  const metres = (v: number | null): string | null => (v === null ? null : `${v} m`);
  return (
    <Panel title={vessel.name ?? t("vessel.unnamed")} icon={<Icon name="ship" />} onClose={() => select(null)}>
      {now ? (
        <div className={now.lost || now.ageS > 360 ? "now old" : "now"}>
          <div><small>{t("vessel.speed")}</small><b>{now.sogKn === null ? "–" : now.sogKn.toFixed(1)}</b><i>kn</i></div>
          <div><small>{t("vessel.course")}</small><b>{now.cogDeg === null ? "–" : now.cogDeg.toFixed(0).padStart(3, "0")}</b><i>°</i></div>
          <div><small>{t("vessel.heading")}</small><b>{now.headingDeg === null ? "–" : now.headingDeg.toFixed(0).padStart(3, "0")}</b><i>°</i></div>
          <div><small>{t("vessel.age")}</small><b>{ageText(now.ageS)}</b></div>
        </div>
      ) : (
        <p className="note">{t("vessel.gone")}</p>
      )}
      {now?.lost && <p className="note">{t("vessel.lost")}</p>}
      {vessel.gear && <Gear gear={vessel.gear} />}
      <div className="buttons">
        <button type="button" disabled={!now} onClick={() => now && goTo(now, 12)}>{t("vessel.center")}</button>
        <button type="button" onClick={() => app.set({ tool: "cpa", cpa: { a: vessel.track, b: null } })}>{t("vessel.cpaWith")}</button>
      </div>
      <Facts
        rows={[
          [t("detail.position"), now && formatPosition(now, 3)],
          [t("vessel.status"), now && now.nav >= 0 ? names("nav", String(now.nav)) : null],
          ["MMSI", String(vessel.mmsi).padStart(9, "0")],
          ["IMO", vessel.imo],
          [t("vessel.callSign"), vessel.call_sign],
          [t("vessel.type"), vessel.ship_type === null ? null : `${names("shiptype", String(Math.floor(vessel.ship_type / 10) === 3 || Math.floor(vessel.ship_type / 10) === 5 ? vessel.ship_type : Math.floor(vessel.ship_type / 10) * 10))} (${vessel.ship_type})`],
          [t("vessel.class"), names("class", now?.kind ?? vessel.kind)],
          [t("vessel.size"), vessel.length_m === null ? null : `${vessel.length_m} × ${vessel.beam_m ?? "–"} m`],
          [t("vessel.draught"), metres(vessel.draught_m)],
          [t("vessel.destination"), vessel.destination],
          ["ETA", vessel.eta],
        ]}
      />
      <Looking vessel={vessel} />
      <h3>{t("vessel.past")}</h3>
      <Past id={id} />
      <h3>{t("vessel.alerts")}</h3>
      {mine.length === 0 && <Empty>{t("vessel.noAlerts")}</Empty>}
      <ul className="own-alerts">
        {mine.map((a) => (
          <li key={a.id}>
            <button type="button" className="link-button" onClick={() => selectAlert(a)}>
              <PriorityGlyph priority={a.priority} hollow={a.handling !== "new"} />
              {names("kind", a.kind)}
            </button>
            <time dateTime={a.raised}>{a.raised.slice(11, 16)}Z</time>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
