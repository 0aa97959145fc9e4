import { useEffect, useState } from "react";
import { app } from "../state/app.ts";
import { useStore } from "../state/store.ts";
import { useStanding } from "../state/useStanding.ts";
import { EndsSoon } from "./WatchList.tsx";
import { useWords } from "./common.tsx";

function StaleBanner() {
  const t = useWords();
  const frameAt = useStore(app, (s) => s.frameAt);
  const retryAt = useStore(app, (s) => s.retryAt);
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const age = Math.max(0, Math.round((now - frameAt) / 1000));
  const retry = Math.max(0, Math.ceil((retryAt - now) / 1000));
  return (
    <div className="banner stale">
      <b role="alert">{t("stale.title")}</b>
      <span>{t("stale.text", { age })}</span>
      {retry > 0 && <span>{t("stale.retry", { s: retry })}</span>}
    </div>
  );
}

/** What the officer must know before trusting the picture. */
export function Banners() {
  const t = useWords();
  const stale = useStore(app, (s) => s.stale);
  const at = useStanding();
  const unreachable = useStore(app, (s) => s.unreachable);
  const missing = useStore(app, (s) => s.missing);
  const filling = useStore(app, (s) => s.health?.mode === "history");
  const progress = useStore(app, (s) => s.health?.progress ?? 0);
  const denied = useStore(app, (s) => s.denied);
  const lang = useStore(app, (s) => s.lang);
  const empty = useStore(app, (s) => s.link === "open" && s.frameAt > 0 && s.vesselCount + s.beaconCount === 0);
  return (
    <div className="banners">
      {unreachable && (
        <div className="banner stale" role="alert">
          <b>{t("error.unreachable")}</b>
          <span>{t("start.unreachable")}</span>
        </div>
      )}
      {stale && at !== "filling" && <StaleBanner />}
      {missing.length > 0 && (
        <div className="banner stale" role="alert">
          <b>{t("missing.title", { parts: missing.map((p) => t(`part.${p}`)).join(lang === "zh" ? "、" : ", ") })}</b>
          <span>{t("missing.text")}</span>
        </div>
      )}
      {filling && (
        <div className="banner" role="status">
          <b>{t("history.title", { share: Math.floor(progress * 100) })}</b>
          <progress max={1} value={progress} aria-label={t("history.label")} />
          <span>{t("history.text")}</span>
        </div>
      )}
      {denied !== undefined && (
        <div className="banner" role="status">
          <b>{t("banner.denied")}</b>
          {denied && <span>{denied[lang]}</span>}
        </div>
      )}
      <EndsSoon />
      {empty && !filling && !stale && (
        <div className="banner" role="status">
          <b>{t("empty.sea")}</b>
          <span>{t("empty.sea.remedy")}</span>
        </div>
      )}
    </div>
  );
}
