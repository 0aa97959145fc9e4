import { useEffect } from "react";
import type { Load } from "../../client/load.ts";
import { useUnitNames } from "../pages/kit/useUnitNames.ts";
import { app } from "../state/app.ts";
import { followLoad, load } from "../state/load.ts";
import { useStore } from "../state/store.ts";
import { clock } from "../state/time.ts";
import { useNames, useWords } from "./common.tsx";

const HEIGHT = 36;

/** How many alerts were annunciated in each ten minutes of the last day; the line is where a flood begins. */
function History({ of }: { of: Load }) {
  const t = useWords();
  const zone = useStore(app, (s) => s.settings?.time_zone ?? "UTC");
  const most = Math.max(1.5 * of.flood_above, ...of.history.map((s) => s.annunciated));
  const y = (n: number): number => HEIGHT - (n / most) * HEIGHT;
  const floods = of.history.filter((s) => s.annunciated > of.flood_above).length;
  return (
    <svg className="load-history" viewBox={`0 0 ${of.history.length} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={t("load.history", { n: floods })}>
      <path className="limit" d={`M0 ${y(of.flood_above)}H${of.history.length}`} />
      {of.history.map((s, i) => s.annunciated > 0 && (
        <rect key={s.since} className={s.annunciated > of.flood_above ? "flood" : ""} x={i} y={y(s.annunciated)} width={0.8} height={HEIGHT - y(s.annunciated)}>
          <title>{clock(Date.parse(s.since), zone)} · {s.annunciated}</title>
        </rect>
      ))}
    </svg>
  );
}

/** For each desk with somebody on watch, its people beside the alerts. A desk is `unit/agency`. */
function Desks({ of }: { of: Load }) {
  const t = useWords();
  const names = useNames();
  const desks = of.desks.map((d) => ({ ...d, unit: d.desk.split("/")[0]!, agency: d.desk.split("/")[1]! }));
  const unitName = useUnitNames(desks.map((d) => d.unit));
  return desks.map((d) => (
    <p key={d.desk} className="note">
      {t("load.desk", { desk: `${unitName(d.unit)} · ${names("agency", d.agency)}`, n: d.on_watch, alerts: of.ten_minutes.annunciated })}
    </p>
  ));
}

/** The load of the watch beside its alerts, and a word when they come faster than anybody can attend to. */
export function LoadStrip() {
  const t = useWords();
  const now = useStore(load, (s) => s.load);
  useEffect(followLoad, []);
  if (!now) return null;
  const held = now.now.held.reduce((sum, h) => sum + h.count, 0);
  return (
    <section className={now.flood ? "load flood" : "load"} aria-label={t("load.title")}>
      {now.flood && <p role="alert"><b>{t("load.flood", { n: now.ten_minutes.annunciated })}</b> {t("load.flood.text")}</p>}
      <details>
        <summary>
          {t("load.ten", { n: now.ten_minutes.annunciated })} · {t("load.hour", { n: now.hour.annunciated })}
          {now.now.grouped > 0 && <> · {t("load.grouped", { n: now.now.grouped })}</>}
          {held > 0 && <> · {t("load.held", { n: held })}</>}
          {now.now.shelved > 0 && <> · {t("load.shelved", { n: now.now.shelved })}</>}
        </summary>
        <History of={now} />
        <p className="note">{t("load.what")}</p>
        <Desks of={now} />
      </details>
    </section>
  );
}
