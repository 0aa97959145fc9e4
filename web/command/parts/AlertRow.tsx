import { memo } from "react";
import type { Alert } from "../../client/types.ts";
import { selectAlert } from "../state/actions.ts";
import { lastsSeconds, unanswered } from "../state/alertList.ts";
import { app, tick } from "../state/app.ts";
import { useStore } from "../state/store.ts";
import { ageText, clock } from "../state/time.ts";
import { PriorityGlyph, useNames, useWords } from "./common.tsx";

interface Props {
  alert: Alert;
  /** Of its group, how many stand behind it; it opens to them. */
  behind: number;
  isOpen: boolean;
  isInside: boolean;
  onOpen: (group: string, isOpen: boolean) => void;
  top: number;
  height: number;
  index: number;
  of: number;
  selected: boolean;
  /** When it came to this page live, by the page's clock; undefined: long ago. */
  arrived: number | undefined;
  /** Event time. */
  now: number;
}

const FLASHES = 4;

/** True and false in turn, second by second, while a new alert calls for the eye. It goes with the tick: an
 * animation of the style sheet, or a timer, would have the browser lay out and paint the page for it. */
function useFlash(arrived: number | undefined): boolean {
  return useStore(tick, ({ atMs }) => {
    if (arrived === undefined) return false;
    const second = Math.max(0, Math.round((atMs - arrived) / 1000));
    return second < 2 * FLASHES && second % 2 === 0;
  });
}

export const AlertRow = memo(function AlertRow({ alert, behind, isOpen, isInside, onOpen, top, height, index, of, selected, arrived, now }: Props) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const zone = useStore(app, (s) => s.settings?.time_zone ?? "UTC");
  const open = unanswered(alert, now);
  const lasts = lastsSeconds(alert, now);
  const lit = useFlash(arrived) && !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const classes = ["alert-row", `p${alert.priority}`, open ? "open" : "", arrived === undefined ? "" : "fresh", lit ? "lit" : "", alert.state === "withdrawn" ? "withdrawn" : "", isInside ? "inside" : ""];
  return (
    <div
      id={`alert-${alert.id}`}
      role="option"
      aria-selected={selected}
      aria-posinset={index + 1}
      aria-setsize={of}
      className={classes.join(" ")}
      style={{ transform: `translateY(${top}px)`, height }}
      onClick={() => selectAlert(alert)}
    >
      <PriorityGlyph priority={alert.priority} hollow={!open} />
      <div className="lines">
        <p className="top">
          <b>{names("kind", alert.kind)}</b>
          {behind > 0 && (
            <span
              className="tag strong group" title={t(isOpen ? "alert.group.shut" : "alert.group.open", { n: behind })}
              onClick={(e) => {
                e.stopPropagation();
                onOpen(alert.group, !isOpen);
              }}
            >
              {isOpen ? "−" : "+"}{behind}<span className="unseen">{t("alert.group", { n: behind })}</span>
            </span>
          )}
          <time dateTime={alert.start}>{clock(Date.parse(alert.start), zone)}</time>
        </p>
        <p className="sentence">{alert.sentence[lang]}</p>
        <p className="tags">
          <span className="unseen">{t(`priority.${alert.priority}`)}</span>
          {alert.escalated && <span className="tag strong">{t("alert.escalated")}</span>}
          <span className={`tag ${alert.state}`}>{t(`state.${alert.state}`)}</span>
          {alert.phase !== "withdrawn" && <span className={`tag ${alert.phase}`}>{t(`phase.${alert.phase}`)}{lasts !== null && ` ${ageText(lasts)}`}</span>}
          {alert.handling !== "new" && <span className="tag">{t(`handling.${alert.handling}`)}</span>}
          {alert.held_by !== null && <span className="tag">{t("alert.held")}</span>}
          {alert.shelf !== null && <span className="tag">{t("alert.shelved")}</span>}
        </p>
      </div>
    </div>
  );
});
