import { app } from "../state/app.ts";
import { useStore } from "../state/store.ts";
import { ageText } from "../state/time.ts";
import { feedState, useReceivers } from "./HealthStrip.tsx";
import { Empty, useWords } from "./common.tsx";

/** Every receiver with the age of its data; those that need a look come first. */
export function Receivers() {
  const t = useWords();
  const receivers = useReceivers();
  if (receivers.length === 0) return <Empty>{t("health.noReceivers")}</Empty>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t("outage.receiver")}</th>
          <th scope="col">{t("receiver.heard")}</th>
          <th scope="col">{t("receiver.state")}</th>
          <th scope="col" className="number">{t("receiver.messages")}</th>
        </tr>
      </thead>
      <tbody>
        {receivers.map((r) => (
          <tr key={r.name} className={r.state}>
            <th scope="row">{r.name}</th>
            <td>{r.age_s === null ? "–" : ageText(r.age_s)}</td>
            <td>{t(`receiver.${r.state}`)}</td>
            <td className="number">{r.messages.toLocaleString("en")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Every feed: what came in and how much of it could not be used. */
export function Feeds() {
  const t = useWords();
  const feeds = useStore(app, (s) => s.health?.feeds ?? NONE);
  if (feeds.length === 0) return null;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t("feed.name")}</th>
          <th scope="col">{t("receiver.state")}</th>
          <th scope="col" className="number">{t("feed.lines")}</th>
          <th scope="col" className="number">{t("feed.rejected")}</th>
        </tr>
      </thead>
      <tbody>
        {feeds.map((f) => (
          <tr key={f.name} className={f.connected ? "" : "silent"}>
            <th scope="row" className="long">{f.name}</th>
            <td>{feedState(f, t)}</td>
            <td className="number">{f.lines.toLocaleString("en")}</td>
            <td className="number">{f.rejected.toLocaleString("en")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const NONE: never[] = [];
