import { memo, useEffect, useState } from "react";
import type { Alert } from "../../client/types.ts";
import { selectAlert } from "../state/actions.ts";
import { unanswered } from "../state/alertList.ts";
import { app } from "../state/app.ts";
import { useStore } from "../state/store.ts";
import { clock } from "../state/time.ts";
import { PriorityGlyph, useNames, useWords } from "./common.tsx";

interface Props {
  alert: Alert;
  top: number;
  height: number;
  index: number;
  of: number;
  selected: boolean;
  fresh: boolean;
  /** Event time. */
  now: number;
}

const FLASHES = 4;
const FLASH_MS = 600;

/** True and false in turn while a new alert calls for the eye. An animation of the style sheet would have
 * the browser lay out and paint the page sixty times a second for it. */
function useFlash(fresh: boolean): boolean {
  const [beat, setBeat] = useState(0);
  useEffect(() => {
    if (!fresh) return;
    let n = 0;
    const next = (): void => {
      setBeat(++n);
      if (n === 2 * FLASHES) clearInterval(timer);
    };
    const timer = setInterval(next, FLASH_MS);
    next();
    return () => clearInterval(timer);
  }, [fresh]);
  return fresh && beat % 2 === 1;
}

export const AlertRow = memo(function AlertRow({ alert, top, height, index, of, selected, fresh, now }: Props) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const zone = useStore(app, (s) => s.settings?.time_zone ?? "UTC");
  const open = unanswered(alert, now);
  const lit = useFlash(fresh) && !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const classes = ["alert-row", `p${alert.priority}`, open ? "open" : "", fresh ? "fresh" : "", lit ? "lit" : "", alert.state === "withdrawn" ? "withdrawn" : ""];
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
          <time dateTime={alert.start}>{clock(Date.parse(alert.start), zone)}</time>
        </p>
        <p className="sentence">{alert.sentence[lang]}</p>
        <p className="tags">
          <span className="unseen">{t(`priority.${alert.priority}`)}</span>
          {alert.escalated && <span className="tag strong">{t("alert.escalated")}</span>}
          <span className={`tag ${alert.state}`}>{t(`state.${alert.state}`)}</span>
          {alert.phase !== "withdrawn" && <span className={`tag ${alert.phase}`}>{t(`phase.${alert.phase}`)}</span>}
          {alert.handling !== "new" && <span className="tag">{t(`handling.${alert.handling}`)}</span>}
          {alert.held_by !== null && <span className="tag">{t("alert.held")}</span>}
        </p>
      </div>
    </div>
  );
});
