import { useState } from "react";
import { duty, type DutyShift, type Roster } from "../../../client/duty.ts";
import { Field, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import type { Part } from "./DutyPage.tsx";
import { fromWall, toWall } from "../../state/time.ts";
import { nameOf, stands } from "./shifts.ts";

interface Dialogs {
  watch: Part["watch"];
  roster: Roster;
  onClose: () => void;
  onDone: () => void;
}

/** Two times of the watch's wall. */
export function Span({ zone, start, end, onChange }: { zone: string; start: string; end: string; onChange: (start: string, end: string) => void }) {
  const t = useWords();
  return (
    <div className="pair">
      <Field label={t("duty.from", { zone })}>
        <input type="datetime-local" required value={toWall(start, zone)} onChange={(e) => e.target.value && onChange(fromWall(e.target.value, zone), end)} />
      </Field>
      <Field label={t("duty.until", { zone })}>
        <input type="datetime-local" required value={toWall(end, zone)} onChange={(e) => e.target.value && onChange(start, fromWall(e.target.value, zone))} />
      </Field>
    </div>
  );
}

function Person({ label, people, value, none, onChange }: { label: string; people: Roster["people"]; value: string; none?: string; onChange: (account: string) => void }) {
  const t = useWords();
  return (
    <Field label={label}>
      <select value={value} onChange={(e) => onChange(e.target.value)}>
        <option value="">{none ?? t("duty.choosePerson")}</option>
        {people.map((p) => <option key={p.account} value={p.account}>{p.name}</option>)}
      </select>
    </Field>
  );
}

/** Giving the own shift to somebody, with a shift of theirs in exchange or without. */
export function SwapDialog({ watch, roster, shift, onClose, onDone }: Dialogs & { shift: DutyShift }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const [id] = useState(duty.newId);
  const [taker, setTaker] = useState("");
  const [takes, setTakes] = useState("");
  const theirs = roster.shifts.filter((s) => taker && stands(s, taker) && !stands(s, watch.me) && Date.parse(s.end) > Date.now());
  const called = (s: DutyShift): string => `${s.key.slice(0, 10)} ${nameOf(roster.regulation.turns, s.turn, lang)}`;
  return (
    <FormDialog
      title={t("duty.swapTitle", { shift: called(shift) })} submit={t("duty.ask")} isReady={taker !== ""} onClose={onClose}
      work={async () => {
        await duty.begin(watch, id, { kind: "swap", giver: watch.me, taker, gives: shift.key, ...(takes ? { takes } : {}) });
        onDone();
      }}
    >
      <Person label={t("duty.taker")} people={roster.people.filter((p) => !stands(shift, p.account))} value={taker} onChange={(account) => { setTaker(account); setTakes(""); }} />
      <Field label={t("duty.takes")}>
        <select value={takes} onChange={(e) => setTakes(e.target.value)}>
          <option value="">{t("duty.nothing")}</option>
          {theirs.map((s) => <option key={s.key} value={s.key}>{called(s)}</option>)}
        </select>
      </Field>
      <p className="note">{t("duty.swapNote")}</p>
    </FormDialog>
  );
}

/** Leave: one's own waits for approval; who plans enters that of others. */
export function LeaveDialog({ watch, roster, onClose, onDone }: Dialogs) {
  const t = useWords();
  const [id] = useState(duty.newId);
  const [account, setAccount] = useState(watch.me);
  const first = roster.shifts.find((s) => stands(s, watch.me) && Date.parse(s.begin) > Date.now()) ?? roster.shifts[0]!;
  const [span, setSpan] = useState({ start: first.begin, end: first.end });
  return (
    <FormDialog
      title={t("duty.leave")} submit={t("duty.ask")} isReady={account !== "" && span.start < span.end} onClose={onClose}
      work={async () => {
        await duty.begin(watch, id, { kind: "leave", account, ...span });
        onDone();
      }}
    >
      {watch.may.includes("duty.plan") && <Person label={t("duty.person")} people={roster.people} value={account} onChange={setAccount} />}
      <Span zone={roster.regulation.zone} {...span} onChange={(start, end) => setSpan({ start, end })} />
    </FormDialog>
  );
}

/** An override wins over all else. */
export function OverrideDialog({ watch, roster, shift, onClose, onDone }: Dialogs & { shift: DutyShift }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const [id] = useState(duty.newId);
  const [account, setAccount] = useState("");
  const [post, setPost] = useState(roster.regulation.posts[0]?.id ?? "");
  const [insteadOf, setInsteadOf] = useState("");
  const [reason, setReason] = useState("");
  const [span, setSpan] = useState({ start: shift.begin, end: shift.end });
  const standing = roster.people.filter((p) => stands(shift, p.account));
  return (
    <FormDialog
      title={t("duty.override")} submit={t("duty.order")} isReady={account !== "" && reason.trim() !== "" && span.start < span.end} onClose={onClose}
      work={async () => {
        await duty.begin(watch, id, {
          kind: "override", account, reason: reason.trim(), ...span,
          ...(post ? { post } : {}), ...(post && insteadOf ? { instead_of: insteadOf } : {}),
        });
        onDone();
      }}
    >
      <Person label={t("duty.person")} people={roster.people} value={account} onChange={setAccount} />
      <Field label={t("duty.post")}>
        <select value={post} onChange={(e) => setPost(e.target.value)}>
          {roster.regulation.posts.map((p) => <option key={p.id} value={p.id}>{p[lang]}</option>)}
          <option value="">{t("duty.offDuty")}</option>
        </select>
      </Field>
      {post && <Person label={t("duty.insteadOf")} people={standing} value={insteadOf} none={t("duty.besides")} onChange={setInsteadOf} />}
      <Span zone={roster.regulation.zone} {...span} onChange={(start, end) => setSpan({ start, end })} />
      <Field label={t("duty.say.reason")}>
        <input value={reason} required maxLength={1000} autoComplete="off" onChange={(e) => setReason(e.target.value)} />
      </Field>
    </FormDialog>
  );
}
