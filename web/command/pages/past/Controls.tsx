import type { Kept } from "../../../client/past.ts";
import { useWords } from "../../parts/common.tsx";
import { dateTime, fromWall, toWall } from "../../state/time.ts";
import { HOUR_MS, SPEEDS } from "./playing.ts";
import type { ReplayOf } from "./useReplay.ts";

/** How much of the past the slider spans: an hour to each side would be too short to find anything. */
const SPAN_MS = 24 * HOUR_MS;

/** The slider over a day with a mark where each alert was first said, play and pause, the speed, and any moment. */
export function Controls({ kept, replay, starts, onJump, onToggle, zone }: {
  kept: Kept;
  replay: ReplayOf;
  starts: { alert: string; atMs: number; priority: number }[];
  onJump: (step: 1 | -1) => void;
  onToggle: () => void;
  zone: string;
}) {
  const t = useWords();
  const { state } = replay;
  const [firstMs, lastMs] = [Date.parse(kept.first!), Date.parse(kept.last!)];
  const middle = Math.floor(state.atMs / SPAN_MS) * SPAN_MS;
  const from = Math.max(firstMs, middle);
  const to = Math.min(lastMs, middle + SPAN_MS);
  const seen = starts.filter((s) => s.atMs >= from && s.atMs < to);
  return (
    <div className="past-controls" role="group" aria-label={t("past.controls")}>
      <button type="button" className="main-button" aria-keyshortcuts="Space" onClick={onToggle}>
        {t(state.isPlaying ? "past.pause" : "past.play")}
      </button>
      <label>
        {t("past.speed")}
        <select
          value={state.speed}
          onChange={(e) => replay.play(Number(e.target.value))}
        >
          {SPEEDS.map((speed) => <option key={speed} value={speed}>{speed}×</option>)}
        </select>
      </label>
      <button type="button" aria-keyshortcuts="p" onClick={() => onJump(-1)}>{t("past.previous")}</button>
      <button type="button" aria-keyshortcuts="n" onClick={() => onJump(1)}>{t("past.next")}</button>
      <div className="past-slide">
        <input
          type="range"
          aria-label={t("past.slider")}
          aria-valuetext={dateTime(state.atMs, zone)}
          min={from}
          max={to}
          step={60_000}
          value={state.atMs}
          onChange={(e) => replay.seek(Number(e.target.value))}
        />
        <div className="past-marks" aria-hidden="true">
          {seen.map((s) => (
            <i key={s.alert} className={`p${s.priority}`} style={{ insetInlineStart: `${(100 * (s.atMs - from)) / Math.max(1, to - from)}%` }} />
          ))}
        </div>
      </div>
      <label>
        {t("past.moment")}
        <input
          type="datetime-local"
          min={toWall(kept.first!, zone)}
          max={toWall(kept.last!, zone)}
          value={toWall(new Date(state.atMs).toISOString(), zone)}
          onChange={(e) => {
            const at = Date.parse(fromWall(e.target.value, zone));
            if (!Number.isNaN(at)) replay.seek(at);
          }}
        />
      </label>
      <span className="past-count">{t("past.vessels", { n: state.vessels })}</span>
    </div>
  );
}
