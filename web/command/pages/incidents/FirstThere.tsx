import { useEffect, useState } from "react";
import type { IncidentDetail } from "../../../client/incidents.ts";
import { tasks, type Choice, type Suggestion, type Task } from "../../../client/tasks.ts";
import { formatPosition } from "../../../map/position.ts";
import { useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { mine, offered } from "../../state/mine.ts";
import { useStore } from "../../state/store.ts";
import { Section } from "../kit/Section.tsx";
import { Answer, Wrong } from "../kit/States.tsx";
import { useAsk, useSend } from "../kit/useAsk.ts";
import { minutes, OVER } from "../tasks/board.ts";
import { TaskCard } from "../tasks/TaskCard.tsx";
import { useTasks } from "../tasks/useTasks.ts";

/** In these somebody may be sent; the server accepts and dispatches the incident with it. */
const SENDABLE = new Set(["reported", "accepted", "dispatched", "handling"]);
const AGAIN_MS = 5_000; // while ways at sea are being prepared
const FEW = 6;

/** Who was sent, live, and who can be there first, each with one button that sends. */
export function FirstThere({ of, onSent }: { of: IncidentDetail; onSent: () => void }) {
  const my = useStore(mine, (s) => s.mine);
  if (!my?.pages.includes("tasks")) return null;
  const maySend = offered(my, "task.assign").length > 0 && SENDABLE.has(of.state) && !of.merged_into;
  return <Sent of={of} maySend={maySend} onSent={onSent} />;
}

function Sent({ of, maySend, onSent }: { of: IncidentDetail; maySend: boolean; onSent: () => void }) {
  const t = useWords();
  const matter = [of.id, ...of.parts.map((p) => p.id)]; // those merged into it too
  const { all, seen } = useTasks(() => tasks.ofIncidents(matter), (x) => matter.includes(x.incident.id), matter.join());
  const items = all.data ?? [];
  return (
    <>
      {items.length > 0 && (
        <Section title={t("task.sent")}>
          <ul className="sent">{[...items].sort((a, b) => Number(OVER.has(a.state)) - Number(OVER.has(b.state))).map((x) => <li key={x.id}><TaskCard of={x} /></li>)}</ul>
        </Section>
      )}
      {maySend && all.data && (
        <First
          of={of}
          sent={items}
          onSent={(task) => {
            seen(task);
            onSent(); // it was accepted and dispatched with it
          }}
        />
      )}
    </>
  );
}

function First({ of, sent, onSent }: { of: IncidentDetail; sent: Task[]; onSent: (task: Task) => void }) {
  const t = useWords();
  const found = useAsk(() => tasks.first(of.id), [of.id, sent.map((x) => x.state).join()]);
  const [isWhole, setIsWhole] = useState(false);
  const [ids] = useState(() => new Map<string, string>()); // of a task by responder: the same when it is sent again
  const sending = useSend();
  const hasWays = found.data?.has_ways ?? true;
  useEffect(() => {
    if (hasWays) return;
    const timer = setTimeout(() => void found.reload(), AGAIN_MS);
    return () => clearTimeout(timer);
  }, [found.data]);
  const send = (c: Choice): void =>
    void sending.send(async () => {
      const id = ids.get(c.responder.id) ?? tasks.newId();
      ids.set(c.responder.id, id);
      onSent(await tasks.assign(id, of.id, c.responder.id));
      ids.delete(c.responder.id);
    });
  return (
    <Section title={t("first.title")}>
      <Answer of={found} isEmpty={(s) => s.first.length + s.near.length === 0} empty={t("first.none")}>
        {(s) => (
          <>
            <Notes of={s} />
            <ol className="first" aria-label={t("first.title")}>
              {(isWhole ? s.first : s.first.slice(0, FEW)).map((c) => <Row key={c.responder.id} of={c} isBusy={sending.isBusy} onSend={() => send(c)} />)}
            </ol>
            {s.first.length > FEW && !isWhole && <button type="button" onClick={() => setIsWhole(true)}>{t("first.more", { n: s.first.length - FEW })}</button>}
            {s.near.length > 0 && (
              <>
                <h4>{t("first.near")}</h4>
                <ul className="first" aria-label={t("first.near")}>
                  {s.near.slice(0, FEW).map((c) => <Row key={c.responder.id} of={c} isBusy={sending.isBusy} onSend={() => send(c)} />)}
                </ul>
              </>
            )}
          </>
        )}
      </Answer>
      <Wrong error={sending.error} />
    </Section>
  );
}

function Notes({ of }: { of: Suggestion }) {
  const t = useWords();
  return (
    <>
      {!of.place && <p className="note">{t("first.noPlace")}</p>}
      {!of.has_ways && <p className="note" role="status">{t("first.noWays")}</p>}
      {of.target && (
        <p className="note">{t("first.target", { mmsi: of.target.mmsi, cog: Math.round(of.target.cog_deg), sog: of.target.sog_kn.toFixed(1) })}</p>
      )}
    </>
  );
}

function Row({ of, isBusy, onSend }: { of: Choice; isBusy: boolean; onSend: () => void }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const r = of.responder;
  const inS = of.meeting?.in_s ?? of.eta_s;
  return (
    <li className={of.can_go ? undefined : "cannot"}>
      <b>{r.name}</b>
      <span className="eta">
        {inS !== null ? t("first.in", { n: minutes(inS) }) : of.away_m !== null ? t("first.away", { km: (of.away_m / 1000).toFixed(1) }) : "–"}
      </span>
      <button type="button" className="main-button" aria-label={t("first.sendOne", { name: r.name })} disabled={isBusy || !of.can_go} onClick={onSend}>{t("first.send")}</button>
      <small>
        {names("responder", r.kind)} · {r.office_name[lang]} · {names("agency", r.agency)}
        {r.skills.length > 0 && ` · ${t.list(r.skills.map((x) => names("skill", x)))}`}
      </small>
      <small>
        {of.meeting?.lon != null && of.meeting.lat !== null && `${t("first.meets", { at: formatPosition({ lon: of.meeting.lon, lat: of.meeting.lat }, 2) })} · `}
        {of.meeting?.why && `${names("unmet", of.meeting.why)} · `}
        {of.reasons.map((x) => x[lang]).join(" · ")}
      </small>
    </li>
  );
}
