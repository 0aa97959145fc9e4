import { memo } from "react";
import type { Feed, Receiver } from "../../client/types.ts";
import type { Words } from "../../words/index.ts";
import { formatPosition } from "../../map/position.ts";
import { select } from "../state/actions.ts";
import { app, pointer, tick } from "../state/app.ts";
import { useStore } from "../state/store.ts";
import { ageText } from "../state/time.ts";
import { useWords } from "./common.tsx";

const MARK: Record<Receiver["state"], string> = { hearing: "●", silent: "✕", planned_outage: "‖" };
const ORDER: Receiver["state"][] = ["silent", "planned_outage", "hearing"];

/** The receivers, those that need a look first; their ages go on while nothing comes from the server. */
export function useReceivers(): Receiver[] {
  const health = useStore(app, (s) => s.health);
  const healthAt = useStore(app, (s) => s.healthAt);
  const stale = useStore(app, (s) => s.stale);
  const now = useStore(tick, (s) => (stale ? s.atMs : 0));
  const more_s = stale ? Math.max(0, (now - healthAt) / 1000) * (health?.speed ?? 1) : 0;
  return (health?.receivers ?? [])
    .map((r) => ({ ...r, age_s: r.age_s === null ? null : r.age_s + more_s }))
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.name.localeCompare(b.name));
}

const ReceiverChip = memo(function ReceiverChip({ name, state, age }: { name: string; state: Receiver["state"]; age: string }) {
  const t = useWords();
  const word = t(`receiver.${state}`);
  return (
    <li className={`receiver ${state}`} title={`${name}: ${word}`}>
      <i aria-hidden="true">{MARK[state]}</i>
      <span>{name}</span>
      <b>{age}</b>
      <span className={state === "hearing" ? "unseen" : "state"}>{word}</span>
    </li>
  );
});

function Pointer() {
  const at = useStore(pointer, (s) => s.at);
  const label = useStore(pointer, (s) => s.label);
  return (
    <span className="pointer">
      {label && <b>{label}</b>}
      {at ? formatPosition(at, 2) : "–"}
    </span>
  );
}

/** Connected or not, and why not where the system said so. */
export function feedState(f: Feed, t: Words): string {
  const state = t(f.connected ? "feed.connected" : "feed.down");
  return f.last_error === null ? state : t("feed.because", { state, why: f.last_error });
}

export function HealthStrip() {
  const t = useWords();
  const health = useStore(app, (s) => s.health);
  const settings = useStore(app, (s) => s.settings);
  const count = useStore(app, (s) => s.vesselCount);
  const shown = useStore(app, (s) => s.shownCount);
  const beacons = useStore(app, (s) => s.beaconCount);
  const receivers = useReceivers();
  const feeds = health?.feeds ?? [];
  // The past comes before the first line of now: a feed that never failed is no fault yet.
  const isFilling = health?.mode === "history";
  const down = feeds.filter((f) => !f.connected && !(isFilling && f.last_error === null));
  const rate = feeds.reduce((sum, f) => sum + f.lines_per_s, 0);
  const behind =
    health?.event_time && health.watermark ? (Date.parse(health.event_time) - Date.parse(health.watermark)) / 1000 : null;
  return (
    <footer className="health" aria-label={t("health.label")}>
      <ul className="receivers" aria-label={t("health.receivers")}>
        {receivers.length === 0 && <li className="receiver">{t("health.noReceivers")}</li>}
        {receivers.map((r) => <ReceiverChip key={r.name} name={r.name} state={r.state} age={r.age_s === null ? "–" : ageText(r.age_s)} />)}
      </ul>
      <button type="button" className="link-button" onClick={() => select({ kind: "outages" })}>
        {t("health.all", { n: receivers.length })}
      </button>
      <span className={down.length ? "feed bad" : "feed"} title={t.list(feeds.map((f) => `${f.name} (${f.kind})${t.colon}${feedState(f, t)}`))}>
        {down.length ? t("health.feedDown", { names: t.list(down.map((f) => (f.last_error === null ? f.name : `${f.name} (${f.last_error})`))) }) : feeds.length === 1 ? t("health.rate", { rate: Math.round(rate) }) : t("health.feeds", { n: feeds.length, rate: Math.round(rate) })}
      </span>
      {behind !== null && <span title={t("health.watermarkHint")}>{t("health.watermark", { s: Math.round(behind) })}</span>}
      <span>{shown < count ? t("health.shown", { n: shown, all: count }) : t("health.vessels", { n: count })}</span>
      {beacons > 0 && <span title={t("health.beaconsHint")}>{t("health.beacons", { n: beacons })}</span>}
      {settings?.signed_in === false && <b title={t("banner.local.text")}>{t("banner.local")}</b>}
      {settings?.policies?.state === "first_start" && (
        <b title={t("banner.firstStart.text", { until: settings.policies.expires?.slice(0, 10) ?? "" })}>
          {t("banner.firstStart")}
        </b>
      )}
      {settings?.witnesses && settings.witnesses.state !== "ok" && (
        <b title={t(`banner.witnesses.${settings.witnesses.state}.text`, { names: t.list(settings.witnesses.behind) })}>
          {t(`banner.witnesses.${settings.witnesses.state}`)}
        </b>
      )}
      {settings && (
        <span className="operator">
          {settings.loopback_only && <>{t("health.loopback")} · </>}
          {t("health.operator", { name: settings.operator })}
        </span>
      )}
      <Pointer />
    </footer>
  );
}
