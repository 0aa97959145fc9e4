import { useStore } from "../../command/state/store.ts";
import { phone, type Item } from "../store/state.ts";
import { atOnce } from "../store/sync.ts";
import { useWords, type Word } from "../words/index.ts";
import { Bulletins } from "./Bulletins.tsx";
import { clock } from "./common.tsx";
import { PastNotices } from "./Notices.tsx";

/** What this phone holds: own tasks first, then what was reported by its user, then the unit's. */
export function Matters() {
  const t = useWords();
  const items = useStore(phone, (s) => s.items);
  const synced = useStore(phone, (s) => s.syncedMs);
  const busy = useStore(phone, (s) => s.busy);
  const matters = items.filter((i) => i.kind !== "bulletin");
  const newest = [...matters].sort((a, b) => b.version - a.version);
  const groups: [Word, Item[]][] = [
    ["matters.tasks", newest.filter((i) => i.kind === "task")],
    ["matters.mine", newest.filter((i) => i.kind === "incident" && i.is_mine)],
    ["matters.unit", newest.filter((i) => i.kind === "incident" && !i.is_mine)],
  ];
  return (
    <section aria-label={t("app.matters")}>
      <p className="row">
        <small>{synced ? t("app.synced", { time: clock(synced) }) : t("app.never")}</small>
        <button disabled={busy} onClick={() => void atOnce()}>{t("app.sync")}</button>
      </p>
      <Bulletins />
      {matters.length === 0 && <p>{t("matters.none")}</p>}
      {groups.filter(([, list]) => list.length > 0).map(([word, list]) => (
        <section key={word}>
          <h2>{t(word)}</h2>
          <ul className="cards">{list.map((item) => <li key={`${item.kind}/${item.id}`}><Card item={item} /></li>)}</ul>
        </section>
      ))}
      <PastNotices />
    </section>
  );
}

function Card({ item }: { item: Item }) {
  const t = useWords();
  const { incident, task } = item;
  return (
    <a href={`#${item.kind}/${item.id}`}>
      <b>{incident?.title ?? task!.what}</b>
      {incident && <small>{t(`type.${incident.type}`)} · {t(`state.${incident.state}`)} · {incident.code}</small>}
      {task && <small>{t(`task.${task.state as "offered"}`)} · {task.code}</small>}
    </a>
  );
}
