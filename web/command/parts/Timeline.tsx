import type { AlertDetail } from "../../client/types.ts";
import { app } from "../state/app.ts";
import { useStore } from "../state/store.ts";
import { clock } from "../state/time.ts";
import { useNames, useWords } from "./common.tsx";

/** Versions of the alert and what people did with it, in the order in which the watch learned of them. A
 * version is of an event time; what people did has the watch's clock alone. Each says which it is. */
export function Timeline({ detail, zone }: { detail: AlertDetail; zone: string }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const entries = [
    ...detail.versions.map((v) => ({
      at: v.at,
      event: v.updated as string | null,
      undone: false,
      key: `v${v.revision}`, // several versions may come in one batch of the log
      who: t("timeline.version", { n: v.revision }),
      what: `${t(`state.${v.state}`)} · ${t(`priority.${v.priority}`)}`,
      text: v.state === "withdrawn" ? v.withdrawn_reason : v.sentence[lang],
    })),
    ...detail.actions.map((a) => ({
      at: a.at,
      event: null,
      undone: a.undone_by !== null,
      key: a.id,
      who: a.by,
      what: names("did", a.action) + (a.to ? ` → ${a.to}` : ""),
      text: a.reason,
    })),
  ]
    .sort((x, y) => (x.at < y.at ? -1 : x.at > y.at ? 1 : 0))
    .reverse(); // of versions told at once, the latest first
  return (
    <ol className="timeline">
      {entries.map((e) => (
        <li key={e.key} className={e.key.startsWith("v") ? "version" : "person"}>
          <time dateTime={e.event ?? e.at}>{clock(Date.parse(e.event ?? e.at), zone)}</time>
          <div>
            <small>{e.event === null ? t("timeline.acted") : t("timeline.event", { at: clock(Date.parse(e.at), zone) })}</small>
            <b>{e.who}</b> {e.undone ? <s>{e.what}</s> : e.what}
            {e.text && <p>{e.text}</p>}
          </div>
        </li>
      ))}
    </ol>
  );
}
