import type { Layer } from "@deck.gl/core";
import { useEffect, useRef, useState } from "react";
import type { Contact } from "../../../client/contacts.ts";
import { past, type Kept } from "../../../client/past.ts";
import { alertAtlas } from "../../../map/alertGlyph.ts";
import type { Chart } from "../../../map/chart.ts";
import { contactAtlas, contactLayers } from "../../../map/contactLayers.ts";
import { alertLayer, bracketAtlas, bracketLayer } from "../../../map/overlays.ts";
import { hex } from "../../../map/palette.ts";
import { rowOfTrack } from "../../../map/pick.ts";
import type { Who } from "../../../client/player.ts";
import { PastLinks } from "../../parts/PageLinks.tsx";
import { useWords } from "../../parts/common.tsx";
import { app, eventNow } from "../../state/app.ts";
import { unanswered } from "../../state/alertList.ts";
import { labelled, shownOf } from "../../state/contacts.ts";
import { goPage, momentOf, route } from "../../state/route.ts";
import { useStore } from "../../state/store.ts";
import { bothTimes, dateTime } from "../../state/time.ts";
import { useZone } from "../../state/zone.ts";
import { Answer, Wrong } from "../kit/States.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { AlertsThen } from "./AlertsThen.tsx";
import { ContactsThen } from "./ContactsThen.tsx";
import { Controls } from "./Controls.tsx";
import { PlainChart } from "./PlainChart.tsx";
import { beginnings, contactsAt, faster, HOUR_MS, markOf, slower, standingAt, type Marked } from "./playing.ts";
import { useReplay } from "./useReplay.ts";
import "./past.css";

/** Any past hour, played from the lake. The whole page is marked, so that nobody takes it for the present. */
export default function PastPage() {
  const t = useWords();
  const kept = useAsk(() => past.kept(), []);
  useEffect(() => {
    document.documentElement.dataset.past = "";
    return () => void delete document.documentElement.dataset.past;
  }, []);
  return (
    <Answer of={kept} empty={t("past.none")} isEmpty={(k) => k.last === null}>
      {(k) => <Playing kept={k} />}
    </Answer>
  );
}

function Playing({ kept }: { kept: Kept }) {
  const t = useWords();
  const rest = useStore(route, (s) => s.rest);
  const zone = useZone();
  const [start] = useState(() => momentOf(rest) ?? Date.parse(kept.last!) - HOUR_MS);
  const replay = useReplay(kept, start);
  const { state, standings } = replay;
  const contacts = contactsAt(replay.contacts, state.atMs);
  const shown = standingAt(standings, state.atMs);
  const marked = useRef<Marked[]>([]);
  const [chosen, setChosen] = useState<Who | null>(null);
  const chart = useRef<Chart | null>(null);
  const heard = useRef<{ contacts: Contact[]; atMs: number }>({ contacts, atMs: state.atMs });
  heard.current = { contacts, atMs: state.atMs };
  marked.current = shown.filter((s) => s.lon !== null).map(markOf);

  const isFirst = useRef(true); // the replay begins by itself at the moment of the first address
  useEffect(() => {
    const moment = momentOf(rest);
    if (moment !== null && !isFirst.current) replay.seek(moment);
    isFirst.current = false;
  }, [rest]);
  useEffect(() => chart.current?.redraw(true), [shown.map((s) => s.alert + s.at).join(), contacts.map((c) => c.id + c.version).join(), chosen]);

  const starts = beginnings(standings);
  const jump = (step: 1 | -1): void => {
    const found = step > 0 ? starts.find((s) => s.atMs > state.atMs) : starts.findLast((s) => s.atMs < state.atMs - 1000);
    if (found) replay.seek(found.atMs);
  };
  const toggle = (): void => (state.isPlaying ? replay.pause() : replay.play(state.speed));
  const at = (speed: number): void => replay.play(speed);
  const keys: Record<string, () => void> = {
    " ": toggle,
    ArrowLeft: () => replay.seek(state.atMs - 60_000),
    ArrowRight: () => replay.seek(state.atMs + 60_000),
    PageUp: () => replay.seek(state.atMs - HOUR_MS),
    PageDown: () => replay.seek(state.atMs + HOUR_MS),
    ArrowUp: () => at(faster(state.speed)),
    ArrowDown: () => at(slower(state.speed)),
    n: () => jump(1),
    p: () => jump(-1),
    Escape: () => goPage("map"),
  };
  const held = useRef(keys);
  held.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as HTMLElement;
      if (event.key !== "Escape" && target.matches("input, select, textarea, button, a, canvas")) return;
      const run = held.current[event.key];
      if (!run) return;
      event.preventDefault();
      run();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);

  const over = useOverlay(marked, heard, chosen);
  return (
    <div className="past-page">
      <PastMark atMs={state.atMs} zone={zone} />
      <div className="past-stage">
        <PlainChart
          label={t("past.chart", { at: dateTime(state.atMs, zone) })}
          extras={over}
          onReady={(made) => {
            chart.current = made;
            replay.attach(made);
          }}
          onClick={(_, track) => void (track === null ? setChosen(null) : replay.who([track]).then(([who]) => setChosen(who ?? null)))}
        />
        {!state.isShown && !state.error && <p className="past-wait" role="status">{t("page.loading")}</p>}
        {state.waits && <p className="past-wait" role="status">{t("past.waits")}</p>}
        <Wrong error={state.error} />
        {chosen && (
          <aside className="past-who" aria-label={t("past.who")}>
            <b>{chosen.name ?? `MMSI ${chosen.mmsi}`}</b> <span>MMSI {chosen.mmsi}</span>
            <button type="button" onClick={() => setChosen(null)}>{t("past.close")}</button>
          </aside>
        )}
        <div className="past-alerts">
          <AlertsThen standings={shown} onPlace={(lon, lat) => chart.current?.goTo({ lon, lat }, 10)} />
          <ContactsThen contacts={contacts} atMs={state.atMs} onPlace={(lon, lat) => chart.current?.goTo({ lon, lat }, 10)} />
        </div>
      </div>
      <Controls kept={kept} replay={replay} starts={starts} onJump={jump} onToggle={toggle} zone={zone} />
    </div>
  );
}

/** Says in words what the colour says, and calls back whoever is needed in the present. */
function PastMark({ atMs, zone }: { atMs: number; zone: string }) {
  const t = useWords();
  const now = useStore(app, (s) => [...s.alerts.values()].filter((a) => unanswered(a, eventNow())).length);
  return (
    <div className="past-mark">
      <b>{t("past.mark")}</b>
      <PastLinks />
      <time dateTime={new Date(atMs).toISOString()}>{bothTimes(atMs, zone)}</time>
      {now > 0 && <span className="past-now" role="status">{t("past.nowWaits", { n: now })}</span>}
      <button type="button" className="main-button" onClick={() => goPage("map")}>{t("past.back")}</button>
    </div>
  );
}

let glyphs: { colors: unknown; canvas: HTMLCanvasElement } | null = null;
let bracket: HTMLCanvasElement | null = null;
let sign: HTMLCanvasElement | null = null;

function useOverlay(marked: { current: Marked[] }, heard: { current: { contacts: Contact[]; atMs: number } }, chosen: Who | null): (chart: Chart) => Layer[] {
  return (chart) => {
    const { colors, scale, picture } = chart;
    if (glyphs?.colors !== colors) glyphs = { colors, canvas: alertAtlas(colors.alert, app.get().palette === "night" ? "#000" : "#fff") };
    const layers = [alertLayer(marked.current as never, glyphs.canvas, 20 * scale, null)];
    sign ??= contactAtlas();
    const { contacts, atMs } = heard.current;
    layers.push(...contactLayers(labelled(shownOf(contacts, atMs, app.get().lang), chart.map, scale), { color: colors.contact, halo: hex(colors.halo) }, sign, null, scale));
    const row = picture && chosen ? rowOfTrack(picture, chosen.track) : -1;
    if (picture && row >= 0) {
      bracket ??= bracketAtlas();
      const place = { lon: picture.lonLat[2 * row]!, lat: picture.lonLat[2 * row + 1]! };
      layers.push(bracketLayer("chosen", [place], colors.select, chart.iconSize() + 16 * scale, bracket));
    }
    return layers;
  };
}

