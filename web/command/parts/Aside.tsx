import { load as api, type Shelf } from "../../client/load.ts";
import { app } from "../state/app.ts";
import { activeShelves, load, readLoad } from "../state/load.ts";
import { report } from "../state/report.ts";
import { useStore } from "../state/store.ts";
import { bothTimes } from "../state/time.ts";
import { useNames, useWords } from "./common.tsx";

/** Whose cause explains alerts, as people call it. */
function Cause({ cause }: { cause: string }) {
  const lang = useStore(app, (s) => s.lang);
  const alert = useStore(app, (s) => s.alerts.get(cause.slice("alert:".length)));
  if (cause.startsWith("alert:") && alert) return <>{alert.sentence[lang]}</>;
  return <>{cause.slice(cause.indexOf(":") + 1)}</>;
}

function OneShelf({ shelf }: { shelf: Shelf }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const zone = useStore(app, (s) => s.settings?.time_zone ?? "UTC");
  const alert = useStore(app, (s) => (shelf.alert ? s.alerts.get(shelf.alert) : undefined));
  const what = shelf.alert ? (alert?.sentence[lang] ?? shelf.alert) : `${names("rule", shelf.rule!)} · ${names("kind", shelf.kind!)}`;
  const where = [shelf.thing, shelf.fence].filter(Boolean).join(" · ");
  const end = (): void => void api.end(shelf.id).then(readLoad, report);
  return (
    <li aria-label={what}>
      <b>{what}{where && ` · ${where}`}</b>
      <span>{t("shelf.until", { at: bothTimes(Date.parse(shelf.until), zone) })} · {shelf.names[shelf.by] ?? shelf.by} · {shelf.reason}</span>
      {!shelf.alert && <span className="tag">{t("shelf.holds", { n: shelf.holds })}</span>}
      <button type="button" onClick={end}>{t("shelf.end")}</button>
    </li>
  );
}

/** What is not before the watch and why: what other causes explain, counted, and the shelves. */
export function Aside() {
  const t = useWords();
  const held = useStore(load, (s) => s.load?.now.held);
  const shelves = activeShelves(useStore(load, (s) => s.shelves));
  return (
    <ul className="cards aside">
      {held?.map((h) => (
        <li key={h.cause}><b><Cause cause={h.cause} /></b><span className="tag">{t("load.heldBy", { n: h.count })}</span></li>
      ))}
      {shelves.map((s) => <OneShelf key={s.id} shelf={s} />)}
    </ul>
  );
}
