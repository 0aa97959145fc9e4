import { useState } from "react";
import type { Action, Alert, AlertDetail } from "../../client/types.ts";
import { When } from "../pages/kit/When.tsx";
import { load } from "../../client/load.ts";
import { act } from "../state/actions.ts";
import { readLoad } from "../state/load.ts";
import { report } from "../state/report.ts";
import { addressOf } from "../state/route.ts";
import { Shelve } from "./Shelve.tsx";
import { Field, useWords } from "./common.tsx";
import type { Word } from "../../words/index.ts";

const DISMISS_REASONS: Word[] = ["dismiss.known", "dismiss.checked", "dismiss.data", "dismiss.duplicate"];

/** What may be done with an alert. Dismissing wants a reason, handing on wants to know to whom. */
export function AlertActions({ alert, detail, onDone }: { alert: Alert; detail: Pick<AlertDetail, "takes_two" | "waits"> | null; onDone: () => void }) {
  const t = useWords();
  const [form, setForm] = useState<Action | "shelve" | null>(null);
  const [reason, setReason] = useState("");
  const [to, setTo] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);

  const run = async (action: Action, why: string | null, whom: string | null): Promise<void> => {
    setBusy(true);
    const done = await act(alert, action, why, whom);
    setBusy(false);
    if (!done) return;
    onDone();
    setForm(null);
    setReason("");
    setTo("");
    setTried(false);
  };
  const submit = (): void => {
    setTried(true);
    const needsReason = form === "dismiss" || form === "comment";
    if (!form || form === "shelve" || (needsReason && !reason.trim()) || (form === "hand_on" && !to.trim())) return;
    void run(form, reason.trim() || null, to.trim() || null);
  };
  const isNew = alert.handling === "new";
  const isShelved = alert.shelf !== null;
  const unshelve = (): void => void load.end(alert.shelf!).then(readLoad, report).then(onDone);
  const toggle = (action: Action | "shelve"): void => {
    setForm(form === action ? null : action);
    setTried(false);
  };
  return (
    <div className="actions">
      <div className="buttons">
        <button type="button" className="main-button" disabled={!isNew || busy} onClick={() => void run("acknowledge", null, null)}>
          {t("action.acknowledge")}<kbd>a</kbd>
        </button>
        <button type="button" aria-expanded={form === "dismiss"} disabled={alert.handling === "dismissed" || Boolean(detail?.waits) || busy} onClick={() => toggle("dismiss")}>{t("action.dismiss")}</button>
        <button type="button" aria-expanded={form === "hand_on"} disabled={busy} onClick={() => toggle("hand_on")}>{t("action.hand_on")}</button>
        <button type="button" aria-expanded={form === "comment"} disabled={busy} onClick={() => toggle("comment")}>{t("action.comment")}</button>
        {isShelved ? (
          <button type="button" onClick={unshelve}>{t("shelf.end")}</button>
        ) : (
          <button type="button" aria-expanded={form === "shelve"} disabled={busy} onClick={() => toggle("shelve")}>{t("action.shelve")}</button>
        )}
        <button type="button" disabled={isNew || busy} onClick={() => void run("undo", null, null)}>{t("action.undo")}</button>
      </div>
      {detail?.waits && (
        <p className="note">
          {t("dismiss.waits", { name: detail.waits.name })} <When at={detail.waits.at} /> · <a href={addressOf("changes")}>{t("dismiss.waits.go")}</a>
        </p>
      )}
      {form === "shelve" && !isShelved && (
        <Shelve
          alert={alert}
          onDone={() => {
            setForm(null);
            onDone();
          }}
        />
      )}
      {form && form !== "shelve" && (
        <form
          onSubmit={(e) => {
            e.preventDefault();
            submit();
          }}
        >
          {form === "dismiss" && detail?.takes_two && <p className="note">{t("dismiss.takesTwo")}</p>}
          {form === "dismiss" && (
            <div className="chips" role="group" aria-label={t("dismiss.usual")}>
              {DISMISS_REASONS.map((word) => (
                <button key={word} type="button" aria-pressed={reason === t(word)} onClick={() => setReason(t(word))}>{t(word)}</button>
              ))}
            </div>
          )}
          {form === "hand_on" && (
            <Field label={t("action.to")} error={tried && !to.trim() ? t("form.required") : undefined}>
              <input autoFocus value={to} maxLength={200} onChange={(e) => setTo(e.target.value)} />
            </Field>
          )}
          <Field
            label={t(form === "comment" ? "action.text" : "action.reason")}
            error={tried && form !== "hand_on" && !reason.trim() ? t("form.required") : undefined}
          >
            <textarea rows={2} value={reason} maxLength={2000} onChange={(e) => setReason(e.target.value)} />
          </Field>
          <button type="submit" className="main-button" disabled={busy}>{t(`action.${form as "dismiss" | "hand_on" | "comment"}`)}</button>
        </form>
      )}
    </div>
  );
}
