import { useEffect } from "react";
import { watchList as api, type Listed } from "../../client/watchList.ts";
import { select } from "../state/actions.ts";
import { app, toast } from "../state/app.ts";
import { me } from "../state/me.ts";
import { report } from "../state/report.ts";
import { useStore } from "../state/store.ts";
import { bothTimes } from "../state/time.ts";
import { loadWatchList, watchList } from "../state/watchList.ts";
import { withWhy } from "../state/why.ts";
import { inDays, ListVessel } from "./ListVessel.tsx";
import { Empty, Panel, useWords } from "./common.tsx";

const LONGER_DAYS = 30;

export const titleOf = (e: Listed): string =>
  [e.name, e.mmsi !== null && `MMSI ${String(e.mmsi).padStart(9, "0")}`, e.imo !== null && `IMO ${e.imo}`].filter(Boolean).join(" · ");

/** One entry: why, for whom, until when, and what may be done with it. */
export function OneListed({ entry }: { entry: Listed }) {
  const t = useWords();
  const zone = useStore(app, (s) => s.settings?.time_zone ?? "UTC");
  const remove = async (): Promise<void> => {
    try {
      const done = await withWhy((why) => api.remove(entry.id, why));
      if (done === null) return;
      if (done) toast({ tone: "ok", text: t("change.waits"), remedy: t("change.waits.text") });
      await loadWatchList();
    } catch (error) {
      report(error);
    }
  };
  const longer = (): void => void api.change(entry.id, inDays(LONGER_DAYS), entry.reason, entry.version).then(loadWatchList, report);
  return (
    <div className="listed">
      <p>{entry.reason}</p>
      <p className="note">{t("watched.by", { name: entry.names[entry.owner] ?? entry.owner })} · {t("shelf.until", { at: bothTimes(Date.parse(entry.until), zone) })}</p>
      {entry.waiting && <p className="note">{t("watched.waits")}</p>}
      <div className="buttons">
        <button type="button" onClick={longer}>{t("watched.longer", { d: LONGER_DAYS })}</button>
        <button type="button" disabled={Boolean(entry.waiting)} onClick={() => void remove()}>{t("watched.end")}</button>
      </div>
    </div>
  );
}

export function WatchList() {
  const t = useWords();
  const listed = useStore(watchList, (s) => s.listed);
  useEffect(() => void loadWatchList(), []);
  return (
    <Panel title={t("panel.watchList")} onClose={() => select(null)}>
      <h3>{t("watched.new")}</h3>
      <p className="note">{t("watched.what")}</p>
      <ListVessel />
      <h3>{t("watched.list")}</h3>
      {listed.length === 0 && <Empty>{t("watched.none")}</Empty>}
      <ul className="cards">
        {listed.map((e) => (
          <li key={e.id} aria-label={titleOf(e)}>
            <b>{titleOf(e)}</b>
            {e.vessels.map((v) => (
              <button key={v.id} type="button" className="link-button" onClick={() => select({ kind: "vessel", id: v.id })}>{t("watched.seen", { name: v.label })}</button>
            ))}
            <OneListed entry={e} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Told to who looks out for her, the day before it ends. */
export function EndsSoon() {
  const t = useWords();
  const login = useStore(me, (s) => s.me?.login);
  const zone = useStore(app, (s) => s.settings?.time_zone ?? "UTC");
  const mine = useStore(watchList, (s) => s.listed).filter((e) => e.ends_soon && (login === undefined || e.owner === login));
  if (mine.length === 0) return null;
  return (
    <div className="banner" role="status">
      {mine.map((e) => <b key={e.id}>{t("watched.endsSoon", { name: titleOf(e), at: bothTimes(Date.parse(e.until), zone) })}</b>)}
      <button type="button" onClick={() => select({ kind: "watchList" })}>{t("panel.watchList")}</button>
    </div>
  );
}
