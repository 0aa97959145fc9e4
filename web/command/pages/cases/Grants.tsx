import { useEffect, useState } from "react";
import { cases, type Case, type Grant, type Subject } from "../../../client/cases.ts";
import { serverNow } from "../../../client/http.ts";
import type { Page } from "../../../client/types.ts";
import { useNames, useWords } from "../../parts/common.tsx";
import { me } from "../../state/me.ts";
import { useStore } from "../../state/store.ts";
import { usePages } from "../kit/Pages.tsx";
import { Section } from "../kit/Section.tsx";
import { Answer, Wrong } from "../kit/States.tsx";
import { Table, type Column } from "../kit/Table.tsx";
import { useSend, type Asked } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { handOver } from "./handOver.ts";
import { UseGrant } from "./UseGrant.tsx";

/** `ended` also where the time is over and nobody has said so. */
function stateOf(grant: Grant): string {
  return Date.parse(grant.until) <= serverNow() ? "ended" : grant.state;
}

/** Who asked for what, who approved it, until when; and the use of the own ones. */
export function Grants({ of: one, grants, persons, onCorrected, onChanged }: {
  of: Case;
  grants: Asked<Page<Grant>>;
  persons: Subject[];
  onCorrected: () => Promise<void>;
  onChanged: () => void;
}) {
  const t = useWords();
  const [used, setUsed] = useState(() => handOver.get().grant);
  const inUse = grants.data?.items.find((g) => g.id === used && stateOf(g) === "active");
  return (
    <Section title={t("grant.title")}>
      <Answer of={grants} isEmpty={(page) => page.items.length === 0} empty={t("grant.none")}>
        {(page) => <GrantTable of={one} grants={grants} items={page.items} used={used} setUsed={setUsed} onChanged={onChanged} />}
      </Answer>
      {inUse && <UseGrant key={inUse.id} grant={inUse} persons={persons} onCorrected={onCorrected} onClose={() => setUsed("")} />}
    </Section>
  );
}

function GrantTable({ of: one, grants, items, used, setUsed, onChanged }: {
  of: Case;
  grants: Asked<Page<Grant>>;
  items: Grant[];
  used: string;
  setUsed: (id: string) => void;
  onChanged: () => void;
}) {
  const t = useWords();
  const names = useNames();
  const own = useStore(me, (s) => (s.me ? `${s.me.kind}:${s.me.id}` : ""));
  const sending = useSend();
  const { shown, pager } = usePages([...items].reverse(), 20);
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 1000); // what ends, ends in sight
    return () => clearInterval(timer);
  }, []);
  const done = (work: () => Promise<unknown>): void =>
    void sending.send(async () => {
      await work();
      await grants.reload();
      onChanged();
    });
  const scope = (g: Grant): string =>
    g.whole_case ? t("grant.scope.case", { n: 0 })
    : g.search_fields.length ? t("grant.searchIn", { fields: t.list(g.search_fields.map((f) => names("datum", f))) })
    : t("grant.persons", { n: g.subjects.length });
  const columns: Column<Grant>[] = [
    { key: "who", head: t("grant.who"), isHead: true, cell: (g) => g.names[g.who] ?? g.who },
    {
      key: "what", head: t("grant.what"), isText: true,
      cell: (g) => <>{t(`grant.kind.${g.kind as "read"}`)} · {names("dataclass", g.data_class)}<br />{scope(g)}</>,
    },
    { key: "why", head: t("grant.reason"), isText: true, cell: (g) => g.reason ?? t("case.erased") },
    { key: "until", head: t("grant.until"), cell: (g) => <When at={g.until} /> },
    {
      key: "state", head: t("case.state"), isText: true,
      cell: (g) => (
        <>
          <b>{t(`grant.state.${stateOf(g) as "asked"}`)}</b>
          {g.needs > 0 && <><br />{t("grant.approved", { n: g.approvals.length, of: g.needs })}{g.approvals.length > 0 && `${t.colon}${t.list(g.approvals.map((a) => g.names[a] ?? a))}`}</>}
        </>
      ),
    },
    {
      key: "do", head: t("page.actions"),
      cell: (g) => {
        const state = stateOf(g);
        const isMine = g.who === own;
        return (
          <div className="buttons">
            {state === "active" && isMine && one.state === "open" && (
              <button type="button" className="main-button" aria-expanded={used === g.id} onClick={() => setUsed(used === g.id ? "" : g.id)}>{t("grant.use")}</button>
            )}
            {state === "asked" && g.requested_by !== own && !isMine && !g.approvals.includes(own) && (
              <button type="button" className="main-button" disabled={sending.isBusy} onClick={() => done(() => cases.approve(g.id))}>{t("grant.approve")}</button>
            )}
            {state !== "ended" && (
              <button type="button" disabled={sending.isBusy} onClick={() => done(() => cases.end(g.id))}>{t(isMine || g.requested_by === own ? "grant.end" : "grant.refuse")}</button>
            )}
          </div>
        );
      },
    },
  ];
  return (
    <>
      <Wrong error={sending.error} />
      <Table name={t("grant.title")} columns={columns} rows={shown} keyOf={(g) => g.id} />
      {pager}
    </>
  );
}
