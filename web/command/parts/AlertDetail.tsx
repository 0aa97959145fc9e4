import { useEffect, useState } from "react";
import { api } from "../../client/http.ts";
import type { AlertDetail as Detail, Thing } from "../../client/types.ts";
import { formatPosition } from "../../map/position.ts";
import { goTo, select } from "../state/actions.ts";
import { lastsSeconds } from "../state/alertList.ts";
import { app, eventMinute } from "../state/app.ts";
import { mine } from "../state/mine.ts";
import { report } from "../state/report.ts";
import { addressOf, restOf } from "../state/route.ts";
import { useStore } from "../state/store.ts";
import { ageText, bothTimes } from "../state/time.ts";
import { AlertActions } from "./AlertActions.tsx";
import { AlertIncidents } from "./AlertIncidents.tsx";
import { Evidence } from "./Evidence.tsx";
import { factRows, settingText } from "./facts.ts";
import { Timeline } from "./Timeline.tsx";
import { Facts, Panel, PriorityGlyph, useNames, useWords } from "./common.tsx";

export function ThingLink({ thing }: { thing: Thing }) {
  const [kind, id] = [thing.ref.slice(0, thing.ref.indexOf(":")), thing.ref.slice(thing.ref.indexOf(":") + 1)];
  if (kind !== "vessel") return <>{thing.label}</>;
  return (
    <button type="button" className="link-button" onClick={() => select({ kind: "vessel", id })}>
      {thing.label}
    </button>
  );
}

export function AlertDetail({ id }: { id: string }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const zone = useStore(app, (s) => s.settings?.time_zone ?? "UTC");
  const now = useStore(app, eventMinute) * 60_000;
  const alert = useStore(app, (s) => s.alerts.get(id));
  const opensPast = useStore(mine, (s) => s.mine?.pages.includes("past") ?? false);
  const [detail, setDetail] = useState<Detail | null>(null);
  const [asked, setAsked] = useState(0); // a proposal to dismiss it changes nothing of the alert itself
  const seen = `${alert?.seq} ${alert?.revision} ${alert?.handling}`;
  useEffect(() => {
    let current = true;
    api.alert(id).then((d) => current && setDetail(d), report);
    return () => {
      current = false;
    };
  }, [id, seen, asked]);

  const a = alert ?? detail;
  if (!a) return <Panel title={t("alerts.loading")} onClose={() => select(null)}><progress /></Panel>;
  const lasts = lastsSeconds(a, now);
  const at = (iso: string): string => bothTimes(Date.parse(iso), zone);
  return (
    <Panel
      title={names("kind", a.kind)}
      icon={<PriorityGlyph priority={a.priority} hollow={a.handling !== "new"} />}
      onClose={() => select(null)}
    >
      <p className="tags">
        <span className="tag strong">{t(`priority.${a.priority}`)}</span>
        {a.escalated && <span className="tag strong">{t("alert.escalated")}</span>}
        <span className={`tag ${a.state}`}>{t(`state.${a.state}`)}</span>
        <span className="tag">{t(`handling.${a.handling}`)}</span>
      </p>
      <p className="sentence">{a.sentence[lang]}</p>
      <p className="sentence other" lang={lang === "zh" ? "en" : "zh-CN"}>{a.sentence[lang === "zh" ? "en" : "zh"]}</p>
      {a.state === "withdrawn" && <p className="note">{t("alert.withdrawn", { reason: a.withdrawn_reason ?? "–" })}</p>}
      {a.held_by !== null && <p className="note">{t("alert.heldBy", { cause: a.held_by })}</p>}
      {a.shelf !== null && a.shelved_until !== null && <p className="note">{t("alert.shelvedUntil", { at: at(a.shelved_until) })}</p>}
      <AlertActions alert={a} detail={detail} onDone={() => setAsked((n) => n + 1)} />
      <AlertIncidents key={a.id} alert={a} />
      {opensPast && (
        <p className="buttons">
          <a href={addressOf("past", restOf(Date.parse(a.start)))}>{t("past.fromAlert")}</a>
          <a href={addressOf("ask", a.id)}>{t("ask.fromAlert")}</a>
        </p>
      )}
      <h3>{t("detail.what")}</h3>
      <Facts
        rows={[
          [t("detail.things"), a.things.map((thing, i) => <span key={thing.ref}>{i > 0 && ", "}<ThingLink thing={thing} /></span>)],
          [t("detail.position"), a.lon === null || a.lat === null ? null : (
            <button type="button" className="link-button" onClick={() => goTo({ lon: a.lon!, lat: a.lat! }, 11)}>
              {formatPosition({ lon: a.lon, lat: a.lat }, 2)}
            </button>
          )],
          [t("detail.start"), at(a.start)],
          [t("detail.end"), a.end === null ? [t("detail.goesOn"), lasts !== null && ageText(lasts)].filter(Boolean).join(" · ") : at(a.end)],
          [t("detail.updated"), at(a.updated)],
          ...factRows(a, names, lang),
        ]}
      />
      <h3>{t("detail.evidence")}</h3>
      <Evidence id={id} revision={a.revision} />
      <h3>{t("detail.timeline")}</h3>
      {detail ? <Timeline detail={detail} zone={zone} /> : <progress />}
      <details>
        <summary>{t("detail.rule")}{t.colon}{t.list([`${names("rule", a.rule)} ${a.version}`, a.profile, t("rules.version", { n: a.settings_version })])}</summary>
        <Facts rows={Object.entries(a.settings).map(([name, value]): [string, string] => settingText(names, name, value))} />
      </details>
      <p className="id">{a.id}</p>
    </Panel>
  );
}
