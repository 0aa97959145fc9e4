import { useStore } from "../../command/state/store.ts";
import { rowsOf, type Row } from "../store/checklist.ts";
import { phone, type Incident, type Item } from "../store/state.ts";
import { useWords } from "../words/index.ts";
import { clock } from "./common.tsx";
import { useNoting } from "./Matter.tsx";

/** What is seen to in such an incident; who handles it ticks it here too, also without a network. */
export function Checklist({ of, incident }: { of: Item; incident: Incident }) {
  const t = useWords();
  const lang = useStore(phone, (s) => s.lang);
  const lists = useStore(phone, (s) => s.lists);
  const queue = useStore(phone, (s) => s.queue);
  const [take, said] = useNoting();
  const rows = rowsOf(of, lists, queue);
  if (lists && rows.length === 0) return null;
  const mayTick = of.may_edit && incident.state !== "closed";
  const tick = ({ id, text }: Row): void =>
    void take({
      kind: "incident.check", thing: of.id, base: incident.version,
      fields: { done: true, checklist: incident.type, item: id, seen: { zh: text.zh, en: text.en } },
    });
  return (
    <section aria-label={t("list.title")}>
      <h2>{t("list.title")} {rows.length > 0 && `${rows.filter((r) => r.done).length}/${rows.length}`}</h2>
      {!lists && <p>{t("list.none")}</p>}
      {said}
      <ol className="checklist">
        {rows.map((row) => (
          <li key={row.id} className={row.done ? "done" : undefined}>
            <span>{row.done && "✓ "}{row.text[lang]}</span>
            {row.done && <small>{t("list.by", { by: row.done.by, time: clock(Date.parse(row.done.at)) })}</small>}
            {row.saidThen && <small>{t("list.saidThen", { text: row.saidThen[lang] })}</small>}
            {!row.isListed && <small>{t("list.gone")}</small>}
            {row.isWaiting && <small>{t("list.waiting")}</small>}
            {mayTick && !row.done && !row.isWaiting && (
              <button aria-label={`${t("list.tick")} ${row.text[lang]}`} onClick={() => tick(row)}>{t("list.tick")}</button>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
