import { useState } from "react";
import { incidents, type Incident, type IncidentDetail, type ListItem } from "../../../client/incidents.ts";
import { Field, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { mine, offered } from "../../state/mine.ts";
import { useStore } from "../../state/store.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import { Section } from "../kit/Section.tsx";
import { Wrong } from "../kit/States.tsx";
import { useSend } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { saidThen } from "./board.ts";

/** What is seen to in an incident of this type: each tick is a step, signed and timed, that says what was ticked. */
export function Checklist({ of, onDone }: { of: IncidentDetail; onDone: (now: Incident) => void }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const my = useStore(mine, (s) => s.mine);
  const [back, setBack] = useState<ListItem | null>(null);
  const sending = useSend();
  const list = of.checklist;
  if (!list) return null;
  const may = (kind: string): boolean => of.next.includes(kind) && offered(my, "incident.act").length > 0;
  const tick = (item: ListItem): void =>
    void sending.send(async () =>
      onDone(await incidents.step(of.id, incidents.newId(), { kind: "tick", checklist: list.type, item: item.id, seen: { ...item.text } })),
    );
  return (
    <Section title={`${t("list.title")} ${t("list.count", { done: list.items.filter((i) => i.done).length, all: list.items.length })}`}>
      <ol className="checklist" aria-label={t("list.title")}>
        {list.items.map((item) => {
          const then = saidThen(item);
          return (
            <li key={item.id} className={item.done ? "done" : undefined}>
              <span>{item.done ? "✓ " : ""}{item.text[lang]}</span>
              {!item.done && may("tick") && (
                <button type="button" disabled={sending.isBusy} aria-label={t("list.tickOne", { item: item.text[lang] })} onClick={() => tick(item)}>{t("list.tick")}</button>
              )}
              {item.done && may("untick") && (
                <button type="button" aria-label={t("list.untickOne", { item: item.text[lang] })} onClick={() => setBack(item)}>{t("list.untick")}</button>
              )}
              {item.done && <small>{t("list.by", { by: item.done.by })} · <When at={item.done.at} /></small>}
              {then && <small>{t("list.saidThen", { text: then[lang] })}</small>}
              {!item.is_listed && <small>{t("list.gone")}</small>}
            </li>
          );
        })}
      </ol>
      <Wrong error={sending.error} />
      {list.sources.length > 0 && (
        <p className="note">{t("list.after")}{t.colon}{list.sources.map((s) => s.name[lang]).join(t.semicolon)}</p>
      )}
      {back && <TakeBack of={of} item={back} onClose={() => setBack(null)} onDone={onDone} />}
    </Section>
  );
}

function TakeBack({ of, item, onClose, onDone }: { of: IncidentDetail; item: ListItem; onClose: () => void; onDone: (now: Incident) => void }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const [id] = useState(incidents.newId); // the same when it is sent again
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      title={t("list.untick")}
      submit={t("list.untick")}
      isReady={reason.trim() !== ""}
      work={async () =>
        onDone(await incidents.step(of.id, id, { kind: "untick", checklist: of.type, item: item.id, seen: { ...item.done!.said }, reason: reason.trim() }))}
      onClose={onClose}
    >
      <p>{item.text[lang]}</p>
      <Field label={t("list.why")}>
        <textarea rows={3} required value={reason} maxLength={4000} onChange={(e) => setReason(e.target.value)} />
      </Field>
    </FormDialog>
  );
}
