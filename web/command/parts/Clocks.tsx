import { memo, useEffect, useState } from "react";
import { app, tick } from "../state/app.ts";
import { useStore } from "../state/store.ts";
import { clock, clocksApart } from "../state/time.ts";
import { useZone } from "../state/zone.ts";
import { useWords } from "./common.tsx";

/** How far a clock runs on without word from the server. */
const MOST_MS = 5000;

/** Event time now: the last health message, carried on at the speed that it names. */
function useEventMs(): number | null {
  const health = useStore(app, (s) => s.health);
  const healthAt = useStore(app, (s) => s.healthAt);
  const stale = useStore(app, (s) => s.stale);
  const now = useStore(tick, (s) => s.atMs);
  if (!health?.event_time) return null;
  const base = Date.parse(health.event_time);
  if (stale || health.mode === "history") return base;
  return base + Math.min(MOST_MS, Math.max(0, now - healthAt)) * health.speed;
}

const Pair = memo(function Pair({ ms, zone }: { ms: number | null; zone: string }) {
  const t = useWords();
  return (
    <>
      <div>
        <small>UTC</small>
        <time>{ms === null ? "--:--:--" : clock(ms, "UTC")}</time>
      </div>
      <div>
        <small title={zone}>{t("clock.local")}</small>
        <time>{ms === null ? "--:--:--" : clock(ms, zone)}</time>
      </div>
      <div className="date">
        <small>{t("clock.date")}</small>
        <time>{ms === null ? "----------" : new Date(ms).toISOString().slice(0, 10)}</time>
      </div>
    </>
  );
});

/** Which of the two clocks this is, where they are apart. */
function Whose({ name }: { name: string }) {
  const t = useWords();
  return (
    <div className="whose">
      <small>{t("clock.whose")}</small>
      <span>{name}</span>
    </div>
  );
}

/** The time of the picture. */
export function EventClocks() {
  const t = useWords();
  const isApart = useStore(app, (s) => clocksApart(s.health, s.healthAt));
  const zone = useZone();
  const speed = useStore(app, (s) => s.health?.speed ?? null);
  return (
    <div className="clocks" title={isApart ? t("clock.picture.note") : undefined}>
      {isApart && <Whose name={t("clock.picture")} />}
      <Pair ms={useEventMs()} zone={zone} />
      <div>
        <small>{t("clock.speed")}</small>
        <span>{speed === null ? "–" : speed === 1 ? t("clock.realTime") : `× ${Number(speed.toFixed(1))}`}</span>
      </div>
    </div>
  );
}

/** The time at which people act. */
export function WallClocks() {
  const t = useWords();
  const isApart = useStore(app, (s) => clocksApart(s.health, s.healthAt));
  const [ms, setMs] = useState(Date.now());
  const zone = useZone();
  useEffect(() => {
    const timer = setInterval(() => setMs(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="clocks" title={t("clock.real.note")}>
      {isApart && <Whose name={t("clock.real")} />}
      <Pair ms={ms} zone={zone} />
    </div>
  );
}
