import { useEffect, useState } from "react";
import { PALETTES } from "../../map/palette.ts";
import { nextPalette } from "../state/actions.ts";
import { app } from "../state/app.ts";
import { me, signOut } from "../state/me.ts";
import { report } from "../state/session.ts";
import type { Word } from "../../words/index.ts";
import { sounder } from "../state/sound.ts";
import { useStore } from "../state/store.ts";
import { clock } from "../state/time.ts";
import { IconButton, useWords } from "./common.tsx";
import { Search } from "./Search.tsx";

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

function Clocks() {
  const t = useWords();
  const zone = useStore(app, (s) => s.settings?.time_zone ?? "UTC");
  const speed = useStore(app, (s) => s.health?.speed ?? null);
  const ms = useEventMs();
  return (
    <div className="clocks">
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
      <div>
        <small>{t("clock.speed")}</small>
        <span>{speed === null ? "–" : speed === 1 ? t("clock.realTime") : `× ${Number(speed.toFixed(1))}`}</span>
      </div>
    </div>
  );
}

function LinkState() {
  const t = useWords();
  const link = useStore(app, (s) => s.link);
  const stale = useStore(app, (s) => s.stale);
  const bad = link !== "open" || stale;
  const word = link === "open" ? (stale ? "link.stale" : "link.open") : link === "waiting" ? "link.waiting" : "link.connecting";
  return (
    <span className={bad ? "link bad" : "link"} role="status">
      <i aria-hidden="true" />
      {t(word)}
    </span>
  );
}

/** Who acts, and the way out. */
function Who() {
  const t = useWords();
  const who = useStore(me, (s) => s.me);
  const operator = useStore(app, (s) => s.settings?.operator);
  if (!who) return operator ? <span className="who" title={t("who.local")}><b>{operator}</b></span> : null;
  const roles = who.roles.map((r) => t(`role.${r.role}` as Word)).join("、");
  return (
    <span className="who" title={roles}>
      <b>{who.name}</b>
      <button type="button" className="text-button" onClick={() => void signOut().catch(report)}>{t("who.out")}</button>
    </span>
  );
}

export function TopBar() {
  const t = useWords();
  const palette = useStore(app, (s) => s.palette);
  const lang = useStore(app, (s) => s.lang);
  const muted = useStore(app, (s) => s.muted);
  const soundReady = useStore(app, (s) => s.soundReady);
  const following = PALETTES[(PALETTES.indexOf(palette) + 1) % PALETTES.length]!;
  return (
    <header className="topbar">
      <h1>
        Littoral<small>{t("app.subtitle")}</small>
      </h1>
      <Search />
      <Clocks />
      <LinkState />
      <nav className="switches" aria-label={t("top.switches")}>
        <IconButton
          icon={muted || !soundReady ? "muted" : "sound"}
          label={muted ? t("sound.unmute") : soundReady ? t("sound.mute") : t("sound.blocked")}
          hint="s"
          pressed={muted}
          onClick={() => app.set({ muted: !muted })}
        />
        <button type="button" className="text-button" onClick={() => sounder.play(2)} disabled={muted}>
          {t("sound.test")}
        </button>
        <IconButton
          icon={palette}
          label={t("palette.switch", { now: t(`palette.${palette}`), next: t(`palette.${following}`) })}
          hint="d"
          onClick={nextPalette}
        />
        <button
          type="button"
          className="text-button lang"
          lang={lang === "zh" ? "en" : "zh-CN"}
          onClick={() => app.set({ lang: lang === "zh" ? "en" : "zh" })}
        >
          {lang === "zh" ? "English" : "中文"}
        </button>
        <Who />
        <IconButton icon="help" label={t("key.help")} hint="?" onClick={() => app.set({ help: true })} />
      </nav>
    </header>
  );
}
