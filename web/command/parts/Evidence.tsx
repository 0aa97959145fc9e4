import { useEffect, useState } from "react";
import { api } from "../../client/http.ts";
import type { Evidence as Data } from "../../client/types.ts";
import { goTo } from "../state/actions.ts";
import { app } from "../state/app.ts";
import { chart } from "../state/chartHost.ts";
import { over } from "../state/overlay.ts";
import { report } from "../state/report.ts";
import { useStore } from "../state/store.ts";
import { clock } from "../state/time.ts";
import { Empty, useWords } from "./common.tsx";

/** The observations that the alert rests on: here as a table and as received, on the chart as points. */
export function Evidence({ id, revision }: { id: string; revision: number }) {
  const t = useWords();
  const zone = useStore(app, (s) => s.settings?.time_zone ?? "UTC");
  const [data, setData] = useState<Data | null>(null);
  useEffect(() => {
    let current = true;
    api.evidence(id).then((d) => current && setData(d), report);
    return () => {
      current = false;
    };
  }, [id, revision]);
  const placed = (data?.observations ?? []).filter((o) => o.lon !== null && o.lat !== null);
  useEffect(() => {
    over.evidence = placed.map((o) => ({ lon: o.lon!, lat: o.lat! }));
    over.evidenceFocus = -1;
    chart.current?.redraw();
    return () => {
      over.evidence = [];
      chart.current?.redraw();
    };
  }, [data]);
  if (!data) return <progress aria-label={t("detail.evidence")} />;
  if (data.observations.length === 0) return <Empty>{t("evidence.none")}</Empty>;
  const focus = (i: number): void => {
    over.evidenceFocus = i;
    chart.current?.redraw();
  };
  return (
    <>
      <div className="scroll" tabIndex={0} role="region" aria-label={t("detail.evidence")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("evidence.time")}</th>
              <th scope="col">MMSI</th>
              <th scope="col">{t("evidence.speed")}</th>
              <th scope="col">{t("evidence.course")}</th>
              <th scope="col">{t("evidence.receiver")}</th>
            </tr>
          </thead>
          <tbody>
            {data.observations.map((o) => (
              <tr key={String(o.obs_id)} onMouseEnter={() => focus(placed.indexOf(o))} onMouseLeave={() => focus(-1)}>
                <td>
                  <button
                    type="button"
                    className="link-button"
                    onFocus={() => focus(placed.indexOf(o))}
                    onBlur={() => focus(-1)}
                    onClick={() => o.lon !== null && o.lat !== null && goTo({ lon: o.lon, lat: o.lat }, 12)}
                  >
                    {clock(Date.parse(o.t), zone)}
                  </button>
                </td>
                <td>{o.mmsi}</td>
                <td>{o.sog_kn === null ? "–" : `${o.sog_kn.toFixed(1)} kn`}</td>
                <td>{o.cog_deg === null ? "–" : `${o.cog_deg.toFixed(0).padStart(3, "0")}°`}</td>
                <td>{o.station ?? "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {data.missing.length > 0 && <p className="note">{t("evidence.missing", { n: data.missing.length })}</p>}
      <details>
        <summary>{t("evidence.raw", { n: data.lines.length })}</summary>
        <pre tabIndex={0}>{data.lines.map((l) => `${l.source}:${l.line}  ${l.text}`).join("\n")}</pre>
      </details>
    </>
  );
}
