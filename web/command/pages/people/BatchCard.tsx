import { useState } from "react";
import { people, type AccountBatch, type AccountChange } from "../../../client/people.ts";
import { useWords } from "../../parts/common.tsx";
import type { Word } from "../../../words/index.ts";
import { app, toast } from "../../state/app.ts";
import { mine, offered } from "../../state/mine.ts";
import { useStore } from "../../state/store.ts";
import { Decide } from "../changes/Decide.tsx";
import { csv, saveFile } from "../kit/save.ts";
import { Answer, Wrong } from "../kit/States.tsx";
import { Table, type Column } from "../kit/Table.tsx";
import { useAsk, useSend } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { LINK_LIFE } from "./linkLife.ts";

interface Arrived {
  login: string;
  link: string;
}

/** What one import proposed: a second person looks at its rows, leaves some out, and agrees to the rest, or refuses it all. */
export function BatchCard({ batch, onDone }: { batch: AccountBatch; onDone: () => void }) {
  const t = useWords();
  const mayDecide = offered(useStore(mine, (s) => s.mine), "user.write").length > 0;
  const sending = useSend();
  const [isOpen, setIsOpen] = useState(false);
  const [refused, setRefused] = useState<ReadonlySet<string>>(new Set());
  const [links, setLinks] = useState<Arrived[] | null>(null);
  const lang = useStore(app, (s) => s.lang);
  // Once decided the card stays for its links, which are shown once: it counts what was agreed to.
  const [waiting, made, out] = links ? [0, batch.made + batch.waiting - refused.size, batch.refused + refused.size] : [batch.waiting, batch.made, batch.refused];
  const waits = waiting > 0;
  const decides = waits && !batch.mine && mayDecide;
  const roles = batch.roles.map((r) => `${t(`role.${r.role}` as Word)} ${r.count}`).join(lang === "zh" ? "；" : "; ");
  return (
    <article className="card" aria-label={t("pair.batch")}>
      <header>
        <h3>{t("pair.batch")}</h3>
        <span className={waits ? "tag strong" : "tag"}>{t(`change.state.${waits ? "waiting" : made ? "made" : "refused"}`)}</span>
      </header>
      <p>{t("pair.batch.counts", { waiting, made, refused: out })}{roles && <> · {roles}</>}</p>
      <p>{t("change.by", { name: batch.proposed_by })} · <When at={batch.proposed} /></p>
      <blockquote>{batch.why}</blockquote>
      <details onToggle={(e) => setIsOpen(e.currentTarget.open)}>
        <summary>{t("pair.batch.show")}</summary>
        {isOpen && <Rows batch={batch} refused={refused} setRefused={decides && !links ? setRefused : null} />}
      </details>
      {links && (
        <>
          <p className="note bad">{t("once.note")}</p>
          <p className="note">{t("once.life", LINK_LIFE)}</p>
          <div className="buttons">
            <button type="button" className="main-button" onClick={() => saveFile("links.csv", csv([["login", "link"], ...links.map((l) => [l.login, l.link])]))}>
              {t("import.links", { n: links.length })}
            </button>
            <button type="button" onClick={onDone}>{t("panel.close")}</button>
          </div>
        </>
      )}
      {waits && batch.mine && (
        <>
          <p className="note">{t("change.own")}</p>
          <Wrong error={sending.error} />
          <div className="buttons">
            <button type="button" disabled={sending.isBusy} onClick={() => void sending.send(() => people.takeBatchBack(batch.id)).then((ok) => ok && onDone())}>{t("change.takeBack")}</button>
          </div>
        </>
      )}
      {decides && !links && (
        <>
          {refused.size > 0 && <p role="status">{t("pair.batch.out", { n: refused.size })}</p>}
          <Decide
            yes={t("change.agree")}
            no={t("change.refuse")}
            work={async (agree, note) => {
              const answer = await people.decideBatch(batch.id, agree, agree ? [...refused] : [], note);
              toast({ tone: "ok", text: t(agree ? "change.did.made" : "change.did.refused") });
              if (answer.links.length > 0) setLinks(answer.links);
              else onDone();
            }}
          />
        </>
      )}
    </article>
  );
}

function Rows({ batch, refused, setRefused }: {
  batch: AccountBatch;
  refused: ReadonlySet<string>;
  setRefused: ((refused: ReadonlySet<string>) => void) | null;
}) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const [cursors, setCursors] = useState<string[]>([]);
  const cursor = cursors.at(-1);
  const page = useAsk(() => people.changes("", batch.id, cursor), [batch.id, cursor]);
  const mark = (id: string): void => {
    const next = new Set(refused);
    if (!next.delete(id)) next.add(id);
    setRefused?.(next);
  };
  const columns: Column<AccountChange>[] = [
    { key: "name", head: t("user.name"), isHead: true, cell: (c) => c.name },
    { key: "login", head: t("user.login"), cell: (c) => c.login },
    { key: "role", head: t("user.role"), isText: true, cell: (c) => c.role && t(`role.${c.role.role}` as Word) },
    { key: "where", head: t("role.where"), isText: true, cell: (c) => c.role && <>{c.role.unit_name?.[lang] ?? c.role.unit}{c.role.agency && <> · {c.role.agency_name?.[lang] ?? c.role.agency}</>}</> },
    { key: "to", head: t("role.to"), cell: (c) => (c.role?.valid_to ? <When at={c.role.valid_to} /> : t("change.always")) },
    { key: "state", head: t("change.state"), cell: (c) => t(`change.state.${c.state}`) },
  ];
  const refuse: Column<AccountChange> = {
    key: "refuse", head: t("change.refuse"),
    cell: (c) => c.state === "waiting" && <input type="checkbox" checked={refused.has(c.id)} aria-label={t("pair.batch.refuse", { name: c.name })} onChange={() => mark(c.id)} />,
  };
  return (
    <Answer of={page}>
      {(p) => (
        <>
          <Table name={t("pair.batch")} columns={setRefused ? [...columns, refuse] : columns} rows={p.items} keyOf={(c) => c.id} />
          {(p.next_cursor || cursors.length > 0) && (
            <div className="pager">
              <button type="button" disabled={cursors.length === 0} onClick={() => setCursors(cursors.slice(0, -1))}>{t("pages.before")}</button>
              <button type="button" disabled={!p.next_cursor} onClick={() => setCursors([...cursors, p.next_cursor!])}>{t("pages.after")}</button>
            </div>
          )}
        </>
      )}
    </Answer>
  );
}
