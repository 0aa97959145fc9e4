import { useEffect, useState } from "react";
import { app } from "../state/app.ts";
import { useStore } from "../state/store.ts";
import { clock, ownZone } from "../state/time.ts";
import { useWords } from "./common.tsx";

/** Event time now: the last health message, carried on at the speed that it names. */
function useEventMs(): number | null {
  const health = useStore(app, (s) => s.health);
  const stale = useStore(app, (s) => s.stale);
  const [base, setBase] = useState<{ event: number; at: number } | null>(null);
  const [, beat] = useState(0);
  useEffect(() => {
    if (health?.event_time) setBase({ event: Date.parse(health.event_time), at: Date.now() });
  }, [health]);
  useEffect(() => {
    const timer = setInterval(() => beat((n) => n + 1), 500);
    return () => clearInterval(timer);
  }, []);
  if (!base) return null;
  if (stale || health?.mode === "history") return base.event;
  return base.event + Math.min(5000, Date.now() - base.at) * (health?.speed ?? 1);
}

function Pair({ ms, zone }: { ms: number | null; zone: string }) {
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
}

/** The time of the picture. */
export function EventClocks() {
  const t = useWords();
  const zone = useStore(app, (s) => s.settings?.time_zone ?? "UTC");
  const speed = useStore(app, (s) => s.health?.speed ?? null);
  return (
    <div className="clocks">
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
  const [ms, setMs] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setMs(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="clocks">
      <Pair ms={ms} zone={ownZone()} />
    </div>
  );
}
