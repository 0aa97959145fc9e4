import { useStore } from "../../command/state/store.ts";
import { bulletinsNow, readOf, type Bulletin } from "../store/bulletins.ts";
import { phone } from "../store/state.ts";
import { useWords } from "../words/index.ts";
import { clock } from "./common.tsx";
import { useNoting } from "./Matter.tsx";

/** What is official and in force or coming where its user is, the gravest first; kept without a network. */
export function Bulletins() {
  const t = useWords();
  const items = useStore(phone, (s) => s.items);
  const queue = useStore(phone, (s) => s.queue);
  const list = bulletinsNow(items, Date.now());
  if (list.length === 0) return null;
  return (
    <section aria-label={t("bulletin.all")}>
      <h2>{t("bulletin.all")}</h2>
      <ul className="cards">
        {list.map((b) => (
          <li key={b.id}>
            <a href={`#bulletin/${b.id}`} className={`bulletin ${b.severity}`}>
              <b>{b.title}</b>
              <small>{t(`level.${b.severity}`)} · {t(`bulletin.kind.${b.kind}`)} · {b.issuer}</small>
              {b.asks_read && readOf(b, queue) < b.version && <strong>{t("bulletin.unread")}</strong>}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function OneBulletin({ id }: { id: string }) {
  const t = useWords();
  const item = useStore(phone, (s) => s.items.find((i) => i.kind === "bulletin" && i.id === id));
  const b = item?.bulletin;
  return (
    <article>
      <a href="#matters">{t("app.back")}</a>
      {b ? <Of bulletin={b} /> : <p>{t("bulletin.gone")}</p>}
    </article>
  );
}

function Of({ bulletin: b }: { bulletin: Bulletin }) {
  const t = useWords();
  const lang = useStore(phone, (s) => s.lang);
  const queue = useStore(phone, (s) => s.queue);
  const synced = useStore(phone, (s) => s.syncedMs);
  const [take, said] = useNoting();
  const isRead = readOf(b, queue) >= b.version;
  return (
    <>
      <h1>{b.title}</h1>
      <p className={`bulletin ${b.severity}`}><b>{t(`level.${b.severity}`)}</b> · {t(`bulletin.kind.${b.kind}`)}</p>
      {b.text.split("\n").map((line, i) => <p key={i}>{line}</p>)}
      <dl>
        <dt>{t("bulletin.issuer")}</dt><dd>{b.issuer} {b.number}</dd>
        <dt>{t("bulletin.area")}</dt><dd>{b.area_name[lang]}</dd>
        <dt>{t("bulletin.from")}</dt><dd>{clock(Date.parse(b.valid_from))}</dd>
        <dt>{t("bulletin.until")}</dt><dd>{b.valid_until ? clock(Date.parse(b.valid_until)) : t("bulletin.open")}</dd>
      </dl>
      <p><small>{t("app.synced", { time: clock(synced) })}</small></p>
      {b.asks_read && !isRead && (
        <button className="main" onClick={() => void take({ kind: "bulletin.read", thing: b.id, base: b.version, fields: { version: b.version } })}>
          {t("bulletin.read")}
        </button>
      )}
      {b.asks_read && isRead && <p>{t("bulletin.isRead")}</p>}
      {said}
    </>
  );
}
