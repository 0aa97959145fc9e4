import type { Standing } from "../../../client/past.ts";
import { PriorityGlyph, useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { clock } from "../../state/time.ts";
import { useZone } from "../../state/zone.ts";
import type { Alert } from "../../../client/types.ts";

/** The alerts as they stood at the time that is shown. Nothing can be done with them here. */
export function AlertsThen({ standings, onPlace }: { standings: Standing[]; onPlace: (lon: number, lat: number) => void }) {
  const t = useWords();
  const names = useNames();
  const zone = useZone();
  const lang = useStore(app, (s) => s.lang);
  return (
    <section aria-label={t("past.alerts")}>
      <h2>{t("past.alerts")} <small>{standings.length}</small></h2>
      <ul>
        {standings.map((s) => (
          <li key={s.alert}>
            <PriorityGlyph priority={s.priority as Alert["priority"]} hollow={s.handling !== "new"} />
            <div>
              <b>{names("rule", s.rule)}</b> <time dateTime={s.start}>{clock(Date.parse(s.start), zone)}</time>
              {s.handling !== "new" && <span className="tag">{names("handling", s.handling)}</span>}
              <p>{s.sentence[lang]}</p>
            </div>
            {s.lon !== null && s.lat !== null && (
              <button type="button" className="link-button" onClick={() => onPlace(s.lon!, s.lat!)}>{t("past.place")}</button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
