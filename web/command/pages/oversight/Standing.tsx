import { oversight, type Oversight } from "../../../client/oversight.ts";
import { Facts, useNames, useWords } from "../../parts/common.tsx";
import type { Word } from "../../../words/index.ts";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { Section } from "../kit/Section.tsx";
import { Answer } from "../kit/States.tsx";
import { Table } from "../kit/Table.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { WhoText } from "./WhoText.tsx";

/** How log and policies stand, and what waits for whom. */
export function Standing() {
  const all = useAsk(() => oversight.state(), []);
  return <Answer of={all}>{(o) => <Shown of={o} />}</Answer>;
}

function Shown({ of: o }: { of: Oversight }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  return (
    <>
      <div className="figures">
        <Figure n={o.reviews.length} name={t("over.reviews")} href="#oversight/glass" bad={o.reviews_overdue > 0} more={o.reviews_overdue > 0 ? t("over.overdue", { n: o.reviews_overdue }) : ""} />
        <Figure n={o.grants.length} name={t("over.grants")} />
        <Figure n={o.exports_waiting.length} name={t("over.exports")} />
        <Figure n={o.changes_waiting.length} name={t("over.changes")} href="#changes/waiting" />
        <Figure n={o.retention.due} name={t("over.due")} href="#oversight/retention" />
        <Figure n={o.refusals.count} name={t("over.refusals", { n: o.refusals.days })} href="#oversight/accesses" />
        <Figure n={o.delays} name={t("over.delays")} />
      </div>
      <Section title={t("over.log")}>
        <p className={o.log.witnessed && o.log.damaged === 0 && o.retention.paused === null ? "note" : "note bad"}><b>{o.log.says[lang]}</b></p>
        <Facts
          rows={[
            [t("over.origin"), o.log.origin],
            [t("over.size"), o.log.size],
            [t("over.published"), o.log.published],
            [t("over.root"), <span className="id">{o.log.root}</span>],
            [t("over.last"), <When at={o.log.last_entry} />],
          ]}
        />
        {o.log.witnesses.length > 0 && (
          <Table
            name={t("over.witnesses")}
            columns={[
              { key: "name", head: t("over.witness"), isHead: true, cell: (w) => w.name },
              { key: "size", head: t("over.size"), isNumber: true, cell: (w) => w.size },
              { key: "at", head: t("over.cosigned"), cell: (w) => (w.cosigned ? <When at={w.cosigned} /> : t("over.notCosigned")) },
              { key: "error", head: t("over.error"), isText: true, cell: (w) => w.error ?? "–" },
            ]}
            rows={o.log.witnesses}
            keyOf={(w) => w.name}
          />
        )}
      </Section>
      <Section title={t("over.policies")}>
        <p className={o.policies.state === "signed" ? "note" : "note bad"}><b>{o.policies.says[lang]}</b></p>
        <Facts
          rows={[
            [t("over.hash"), <span className="id">{o.policies.hash}</span>],
            [t("over.signers"), o.policies.accounts.length === 0 ? "–" : o.policies.accounts.map((a, i) => <span key={a} title={a}>{i > 0 && ", "}{o.policies.names[a] ?? names("actor", a)}</span>)],
            [t("over.expires"), o.policies.expires && <When at={o.policies.expires} />],
            [t("over.passwordAlone"), t.list(o.policies.password_alone.map((r) => t(`role.${r}` as Word))) || t("over.nobody")],
          ]}
        />
      </Section>
      <Section title={t("over.uploads")}>
        <p className={o.uploads.state === "scanned" ? "note" : "note bad"}><b>{o.uploads.says[lang]}</b></p>
        {o.uploads.state !== "not_scanned" && (
          <Facts rows={[[t("over.scanned"), t("over.scans", { clean: o.uploads.clean, found: o.uploads.found, failed: o.uploads.failed })]]} />
        )}
      </Section>
      <Section title={t("over.grants")}>
        {o.grants.length + o.exports_waiting.length === 0 ? <p className="empty">{t("over.noGrants")}</p> : (
          <Table
            name={t("over.grants")}
            columns={[
              { key: "who", head: t("grant.who"), isHead: true, cell: (g) => <WhoText who={g.who} /> },
              { key: "what", head: t("grant.what"), cell: (g) => <>{t(`grant.kind.${g.kind as "read"}`)} · {names("dataclass", g.data_class)}</> },
              { key: "why", head: t("case.purpose"), cell: (g) => <>{names("purpose", g.purpose)} · {names("basis", g.legal_basis)}</> },
              { key: "until", head: t("grant.until"), cell: (g) => <When at={g.until} /> },
              { key: "state", head: t("case.state"), cell: (g) => <>{t(`grant.state.${g.state as "asked"}`)}{g.needs > 0 && <> · {t("grant.approved", { n: g.approvals, of: g.needs })}</>}</> },
            ]}
            rows={[...o.exports_waiting, ...o.grants].slice(0, 50)}
            keyOf={(g) => g.id}
          />
        )}
      </Section>
      <Section title={t("over.refusals", { n: o.refusals.days })}>
        {o.refusals.count === 0 ? <p className="empty">{t("over.noRefusals")}</p> : (
          <ul className="plain">
            {Object.entries(o.refusals.by_action).sort((a, b) => b[1] - a[1]).map(([action, n]) => <li key={action}><b>{n}</b> {names("act", action)}</li>)}
          </ul>
        )}
      </Section>
    </>
  );
}

function Figure({ n, name, href, bad = false, more = "" }: { n: number; name: string; href?: string; bad?: boolean; more?: string }) {
  const shown = (
    <>
      <b>{n}</b>
      <span>{name}</span>
      {more && <em>{more}</em>}
    </>
  );
  return href ? <a className={bad ? "figure bad" : "figure"} href={href}>{shown}</a> : <div className={bad ? "figure bad" : "figure"}>{shown}</div>;
}
