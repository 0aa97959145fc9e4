import { useState } from "react";
import { bulletins, type Bulletin, type BulletinDetail } from "../../../client/bulletins.ts";
import type { IncidentType } from "../../../client/incidents.ts";
import { Became } from "../../parts/Became.tsx";
import { Facts, Field, useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { askBulletins, markRead } from "../../state/bulletins.ts";
import { useStore } from "../../state/store.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import { Section } from "../kit/Section.tsx";
import { Answer, Wrong } from "../kit/States.tsx";
import { Table } from "../kit/Table.tsx";
import { useAsk, useSend } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { BulletinDialog } from "./BulletinDialog.tsx";

const TYPE: Record<Bulletin["kind"], IncidentType> = { weather: "storm", mariners: "other", epidemic: "epidemic", other: "other" };

/** One bulletin in full: what it says, what became of it, who has it, what it said before. */
export function BulletinView({ id }: { id: string }) {
  const found = useAsk(() => bulletins.one(id), [id]);
  const done = (): void => {
    void found.reload();
    void askBulletins().catch(() => undefined);
  };
  return <Answer of={found}>{(one) => <Shown of={one} onDone={done} />}</Answer>;
}

function Shown({ of, onDone }: { of: BulletinDetail; onDone: () => void }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const sending = useSend();
  const [asking, setAsking] = useState<"revise" | "withdraw" | null>(null);
  const isOpen = of.state === "in_force" || of.state === "coming";
  return (
    <article className="incident">
      <header>
        <h2>{of.title}</h2>
        <p className="tags">
          <span className={`tag level ${of.severity}`}>{names("level", of.severity)}</span>
          <span className="tag">{names("bulletinKind", of.kind)}</span>
          <span className="tag strong">{names("bulletinState", of.state)}</span>
        </p>
      </header>
      <div className="buttons">
        {isOpen && of.read_version < of.version && (
          <button type="button" className="main-button" disabled={sending.isBusy} onClick={() => void sending.send(() => markRead(of)).then(onDone)}>{t("bulletin.read")}</button>
        )}
        {isOpen && of.may_write && <button type="button" onClick={() => setAsking("revise")}>{t("bulletin.revise")}</button>}
        {isOpen && of.may_write && <button type="button" onClick={() => setAsking("withdraw")}>{t("bulletin.withdraw")}</button>}
      </div>
      <Wrong error={sending.error} />
      {of.text.split("\n").map((line, n) => <p key={n}>{line}</p>)}
      <Facts
        rows={[
          [t("bulletin.issuer"), `${of.issuer} ${of.number}`],
          [t("bulletin.area"), of.area_name[lang]],
          [t("bulletin.from"), <When key="from" at={of.valid_from} />],
          [t("bulletin.until"), of.valid_until ? <When key="until" at={of.valid_until} /> : t("bulletin.open")],
          [t("bulletin.desk"), `${of.unit_name[lang]} · ${names("agency", of.agency)} · ${of.made_by}`],
        ]}
      />
      <Became kind="bulletin" of={of.id} make="incident.fromThis" report={{ type: TYPE[of.kind], severity: of.severity, title: of.title }} />
      {of.may_write && <Reach of={of} />}
      <Section title={t("bulletin.steps")}>
        <ol className="log">
          {of.steps.map((s) => (
            <li key={s.id}>
              <When at={s.at} />
              <b>{names("bulletinStep", s.kind)}</b>
              <span>{s.by}</span>
              <q>{String(s.fields.reason ?? `${names("level", String(s.fields.severity))} · ${String(s.fields.title)}`)}</q>
            </li>
          ))}
        </ol>
      </Section>
      {asking === "revise" && <BulletinDialog of={of} onClose={() => setAsking(null)} onMade={onDone} />}
      {asking === "withdraw" && <Withdraw of={of} onClose={() => setAsking(null)} onDone={onDone} />}
    </article>
  );
}

function Withdraw({ of, onClose, onDone }: { of: Bulletin; onClose: () => void; onDone: () => void }) {
  const t = useWords();
  const [id] = useState(bulletins.newId);
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      title={t("bulletin.withdraw")}
      submit={t("bulletin.withdraw")}
      isReady={reason.trim() !== ""}
      work={async () => {
        await bulletins.withdraw(of.id, id, reason.trim());
        onDone();
      }}
      onClose={onClose}
    >
      <Field label={t("bulletin.why")}>
        <input value={reason} required maxLength={1000} autoComplete="off" onChange={(e) => setReason(e.target.value)} />
      </Field>
    </FormDialog>
  );
}

/** How many of how many, by unit; no list of persons. */
function Reach({ of }: { of: Bulletin }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const found = useAsk(() => bulletins.reach(of.id), [of.id, of.version]);
  return (
    <Section title={t("bulletin.reach")} actions={<button type="button" onClick={() => void found.reload()}>{t("bulletin.again")}</button>}>
      <Answer of={found} empty={t("bulletin.nobody")} isEmpty={(d) => d.units.length === 0}>
        {(reach) => (
          <>
            <p>{t("bulletin.counts", { people: reach.people, have: reach.have, read: reach.read })}</p>
            <Table
              name={t("bulletin.reach")}
              columns={[
                { key: "unit", head: t("form.unit"), isHead: true, cell: (u) => u.unit_name[lang] },
                { key: "have", head: t("bulletin.have"), cell: (u) => `${u.have} / ${u.people}` },
                { key: "read", head: t("bulletin.haveRead"), cell: (u) => `${u.read} / ${u.people}` },
              ]}
              rows={reach.units}
              keyOf={(u) => u.unit}
            />
          </>
        )}
      </Answer>
    </Section>
  );
}
