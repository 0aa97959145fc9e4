import { useEffect, useId, useRef, useState } from "react";
import type { Contacts, Notice } from "../../client/reach.ts";
import { reach } from "../../client/reach.ts";
import { app, toast } from "../state/app.ts";
import { me } from "../state/me.ts";
import { answer, followNotices, notices, waits } from "../state/notices.ts";
import { report } from "../state/report.ts";
import { useStore } from "../state/store.ts";
import { When } from "../pages/kit/When.tsx";
import { Empty, Field, IconButton, useWords } from "./common.tsx";

/** What one is told by the own desk: a button that counts what waits, and the list behind it. */
export function Notices() {
  const t = useWords();
  const panel = useRef<HTMLDivElement>(null);
  const panelId = useId();
  const [isOpen, setOpen] = useState(false);
  const who = useStore(me, (s) => s.me);
  const items = useStore(notices, (s) => s.items);
  const failed = useStore(notices, (s) => s.failed);
  const open = items.filter((n) => who && waits(n, who.id));
  useEffect(() => void followNotices(), [who?.id]);
  // Said once, when something new waits: whoever looks elsewhere hears it.
  const newest = open[0]?.id;
  useEffect(() => {
    if (newest) app.set({ announce: { text: t("notices.waiting", { n: open.length }), urgent: true } });
  }, [newest]);
  useEffect(() => {
    if (isOpen) panel.current?.focus();
  }, [isOpen]);
  if (who?.kind !== "account") return null;
  return (
    <div className="notices" onKeyDown={(e) => e.key === "Escape" && setOpen(false)}>
      <button
        type="button"
        className={`text-button${open.length ? " waiting" : ""}`}
        aria-expanded={isOpen}
        aria-controls={panelId}
        aria-label={open.length ? t("notices.waiting", { n: open.length }) : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {t("notices.label")}
        {open.length > 0 && <b>{open.length}</b>}
      </button>
      {isOpen && (
        <div id={panelId} ref={panel} className="notices-panel" role="dialog" aria-label={t("notices.label")} tabIndex={-1}>
          <header>
            <h2>{t("notices.label")}</h2>
            <IconButton icon="close" label={t("panel.close")} onClick={() => setOpen(false)} />
          </header>
          {failed && <p role="status">{t("notices.failed")}</p>}
          {items.length === 0 && <Empty>{t("notices.none")}</Empty>}
          <ul>{items.map((n) => <Row key={n.id} notice={n} account={who.id} />)}</ul>
          <OwnNumber />
        </div>
      )}
    </div>
  );
}

function Row({ notice, account }: { notice: Notice; account: string }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const [isDeclining, setDeclining] = useState(false);
  const [why, setWhy] = useState("");
  const say = (kind: "answered" | "declined"): void => void answer(notice, kind, why).catch(report);
  const said = notice.by === null ? "" : (notice.people.find((p) => p.account === notice.by)?.name ?? "");
  return (
    <li>
      <p><b>{notice[lang]}</b></p>
      <p className="quiet">
        <When at={notice.made} /> · {t("notices.from", { who: notice.made_by })} ·{" "}
        {t(`notices.state.${notice.state}`, { who: said })}
      </p>
      {waits(notice, account) && (isDeclining ? (
        <form onSubmit={(e) => { e.preventDefault(); say("declined"); }}>
          <Field label={t("notices.why")}>
            <input value={why} required maxLength={300} autoFocus onChange={(e) => setWhy(e.target.value)} />
          </Field>
          <button type="submit" className="text-button">{t("notices.decline")}</button>
          <button type="button" className="text-button" onClick={() => setDeclining(false)}>{t("notices.back")}</button>
        </form>
      ) : (
        <p className="actions">
          <button type="button" className="text-button primary" onClick={() => say("answered")}>{t("notices.answer")}</button>
          <button type="button" className="text-button" onClick={() => setDeclining(true)}>{t("notices.decline")}</button>
        </p>
      ))}
    </li>
  );
}

/** Where one is reached when no page is open. */
function OwnNumber() {
  const t = useWords();
  const [contacts, setContacts] = useState<Contacts | null>(null);
  const [number, setNumber] = useState("");
  useEffect(() => void reach.contacts().then(setContacts).catch(report), []);
  if (contacts === null || (!contacts.texts && contacts.sms === null)) return null; // asked only for what it serves
  const save = async (): Promise<void> => {
    await reach.setContacts(number);
    setNumber("");
    setContacts(await reach.contacts());
    toast({ tone: "ok", text: t("notices.number.saved") });
  };
  return (
    <form className="own-number" onSubmit={(e) => { e.preventDefault(); void save().catch(report); }}>
      <Field label={contacts.sms === null ? t("notices.number.none") : t("notices.number.now", { end: contacts.sms })}>
        <input
          type="tel" value={number} placeholder="+8613800138000" pattern="\+?[0-9]{3,20}" maxLength={21}
          autoComplete="tel" onChange={(e) => setNumber(e.target.value)}
        />
      </Field>
      <button type="submit" className="text-button">{number || contacts.sms === null ? t("notices.number.save") : t("notices.number.forget")}</button>
      {!contacts.texts && <p className="quiet">{t("notices.number.noTexts")}</p>}
    </form>
  );
}
