import { useEffect, useState } from "react";
import type { DutyWatch } from "../../../client/duty.ts";
import { reach, type CallBody, type DeskNotice } from "../../../client/reach.ts";
import { Check, Empty, Field, useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { mine, offered } from "../../state/mine.ts";
import { sentence } from "../../state/said.ts";
import { useStore } from "../../state/store.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import { Section } from "../kit/Section.tsx";
import { Answer } from "../kit/States.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import type { Part } from "./DutyPage.tsx";
import { inOrder } from "./shifts.ts";

const HOW = ["vhf", "dsc", "phone", "in_person"] as const satisfies readonly CallBody["how"][];
const EVERY_MS = 10_000; // whoever is to be called has five minutes

interface ToCall {
  notice: DeskNotice;
  account: string;
  name: string;
}

const nameIn = (notice: DeskNotice, account: string): string => notice.people.find((p) => p.account === account)?.name ?? account;

/** What this desk tells its people: who is to be called now, and what became of each notice. */
export function DeskNotices({ watch, onChanged }: Part) {
  const t = useWords();
  const may = useStore(mine, (s) => s.mine);
  const [open, setOpen] = useState<ToCall | "new" | null>(null);
  const asked = useAsk(async () => (await reach.ofDesk()).items, []);
  const { reload } = asked;
  useEffect(() => {
    const timer = setInterval(() => document.hidden || void reload(), EVERY_MS);
    return () => clearInterval(timer);
  }, [reload]);
  const done = (): void => {
    void reload();
    onChanged();
  };
  return (
    <Answer of={asked}>
      {(items) => (
        <>
          <Section title={t("duty.notices.toCall")}>
            <Calls notices={items} onCall={setOpen} />
          </Section>
          <Section
            title={t("duty.notices.list")}
            actions={offered(may, "notice.send").length > 0 && <button type="button" className="main-button" onClick={() => setOpen("new")}>{t("duty.notices.new")}</button>}
          >
            {items.length === 0 && <Empty>{t("duty.notices.none")}</Empty>}
            <ul className="rows">{items.map((n) => <Row key={n.id} notice={n} />)}</ul>
          </Section>
          {open === "new" && <Tell watch={watch} onClose={() => setOpen(null)} onDone={done} />}
          {open !== null && open !== "new" && <CallDialog call={open} onClose={() => setOpen(null)} onDone={done} />}
        </>
      )}
    </Answer>
  );
}

function Calls({ notices, onCall }: { notices: DeskNotice[]; onCall: (call: ToCall) => void }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const may = useStore(mine, (s) => s.mine);
  const calls = notices.flatMap((notice) => notice.to_call.map((c) => ({ ...c, notice, name: nameIn(notice, c.account) })));
  if (calls.length === 0) return <Empty>{t("duty.notices.nobody")}</Empty>;
  return (
    <ul className="rows to-call">
      {calls.map((c) => (
        <li key={`${c.notice.id}${c.account}`}>
          <b>{c.name}</b>
          <span>{c.notice[lang]}</span>
          <small>{t("duty.notices.since")} <When at={c.since} /> · {t("duty.notices.until")} <When at={c.until} /></small>
          {offered(may, "notice.note").length > 0 && (
            <button type="button" className="main-button" onClick={() => onCall(c)}>{t("duty.notices.call", { name: c.name })}</button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Its attempts are asked for when somebody wants to see them. */
function Row({ notice }: { notice: DeskNotice }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const [isOpen, setOpen] = useState(false);
  const said = notice.by === null ? "" : nameIn(notice, notice.by);
  return (
    <li>
      <b>{notice[lang]}</b>
      <span className="tags"><span className={notice.state === "exhausted" ? "tag late" : "tag"}>{t(`notices.state.${notice.state}`, { who: said })}</span></span>
      <small><When at={notice.made} /> · {t("notices.from", { who: notice.made_by })} · {notice.people.map((p) => p.name ?? p.account).join(" → ")}</small>
      <details onToggle={(e) => setOpen(e.currentTarget.open)}>
        <summary>{t("duty.notices.attempts")}</summary>
        {isOpen && <Attempts notice={notice} />}
      </details>
    </li>
  );
}

function Attempts({ notice }: { notice: DeskNotice }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const asked = useAsk(async () => (await reach.one(notice.id)).events, [notice.id, notice.state, notice.to_call.length]);
  /** Of a call, by what it was made and what was answered; of a failure, why. */
  const detail = (said: string): string => {
    const [how, ...rest] = said.split(": ");
    const by = HOW.find((k) => k === how);
    return by ? `${t(`duty.notices.how.${by}`)} · ${rest.join(": ")}` : (sentence(lang, said) ?? said);
  };
  return (
    <Answer of={asked}>
      {(events) => (
        <ol className="log">
          {events.map((e) => (
            <li key={e.id}>
              <When at={e.at} />
              <b>{nameIn(notice, e.account)}</b>
              <span>{[e.channel && names("noticeChannel", e.channel), names("noticeKind", e.kind)].filter(Boolean).join(" · ")}</span>
              {e.detail && <q>{detail(e.detail)}</q>}
            </li>
          ))}
        </ol>
      )}
    </Answer>
  );
}

const RESULTS = ["answered", "declined", "failed"] as const satisfies readonly CallBody["kind"][];

function CallDialog({ call, onClose, onDone }: { call: ToCall; onClose: () => void; onDone: () => void }) {
  const t = useWords();
  const [id] = useState(reach.newId); // the same when it is sent again
  const [how, setHow] = useState<CallBody["how"]>("phone");
  const [kind, setKind] = useState<CallBody["kind"]>("answered");
  const [text, setText] = useState("");
  return (
    <FormDialog
      title={t("duty.notices.call", { name: call.name })} submit={t("duty.write")} isReady={text.trim() !== ""} onClose={onClose}
      work={async () => {
        await reach.called(call.notice.id, id, { account: call.account, how, kind, text });
        onDone();
      }}
    >
      <Field label={t("duty.notices.how")}>
        <select value={how} onChange={(e) => setHow(e.target.value as CallBody["how"])}>
          {HOW.map((k) => <option key={k} value={k}>{t(`duty.notices.how.${k}`)}</option>)}
        </select>
      </Field>
      <Field label={t("duty.notices.result")}>
        <select value={kind} onChange={(e) => setKind(e.target.value as CallBody["kind"])}>
          {RESULTS.map((k) => <option key={k} value={k}>{t(`duty.notices.result.${k}`)}</option>)}
        </select>
      </Field>
      <Field label={t("duty.notices.said")}>
        <input value={text} required maxLength={250} onChange={(e) => setText(e.target.value)} />
      </Field>
    </FormDialog>
  );
}

/** To the watch, in the order in which it is called. */
function Tell({ watch, onClose, onDone }: { watch: DutyWatch; onClose: () => void; onDone: () => void }) {
  const t = useWords();
  const [id] = useState(reach.newId);
  const [text, setText] = useState("");
  const people = inOrder(watch.calls);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const to = people.map((p) => p.account).filter((account) => !left.has(account));
  const choose = (account: string, isTold: boolean): void => {
    const next = new Set(left);
    if (isTold) next.delete(account);
    else next.add(account);
    setLeft(next);
  };
  return (
    <FormDialog
      title={t("duty.notices.new")} submit={t("duty.notices.send")} isReady={text.trim() !== "" && to.length > 0} onClose={onClose}
      work={async () => {
        await reach.send({ id, text, to });
        onDone();
      }}
    >
      <Field label={t("duty.notices.text")}>
        <input value={text} required maxLength={300} onChange={(e) => setText(e.target.value)} />
      </Field>
      <fieldset>
        <legend>{t("duty.notices.order")}</legend>
        {people.length === 0 && <Empty>{t("duty.noCalls")}</Empty>}
        {people.map((p) => <Check key={p.account} label={p.name} checked={!left.has(p.account)} onChange={(is) => choose(p.account, is)} />)}
      </fieldset>
    </FormDialog>
  );
}
