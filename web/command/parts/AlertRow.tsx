import { memo } from "react";
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

export const AlertRow = memo(function AlertRow({ alert, top, height, index, of, selected, fresh, now }: Props) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const zone = useStore(app, (s) => s.settings?.time_zone ?? "UTC");
  const open = unanswered(alert, now);
  const classes = ["alert-row", `p${alert.priority}`, open ? "open" : "", fresh ? "fresh" : "", alert.state === "withdrawn" ? "withdrawn" : ""];
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
