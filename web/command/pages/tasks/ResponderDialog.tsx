import { useId, useState } from "react";
import { ApiError } from "../../../client/http.ts";
import { people } from "../../../client/people.ts";
import { tasks, type Responder } from "../../../client/tasks.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Check, Field, useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { me } from "../../state/me.ts";
import { mine } from "../../state/mine.ts";
import { sentence } from "../../state/said.ts";
import { useStore } from "../../state/store.ts";
import { Wrong } from "../kit/States.tsx";
import { useAsk, useSend } from "../kit/useAsk.ts";
import { bodyOf, changeOf, draftOf, emptyDraft, faultsOf, isOf, KINDS, SKILLS, type Draft, type DraftField } from "./responders.ts";

/** Adds a responder, or edits one: what is wrong is said at its field, before it is sent and by the server. */
export function ResponderDialog({ of, onClose, onDone }: { of: Responder | null; onClose: () => void; onDone: () => void }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const places = useStore(mine, (s) => s.mine?.places) ?? [];
  const [id] = useState(tasks.newId); // the same when it is sent again
  const [draft, setDraft] = useState<Draft>(() => (of ? draftOf(of) : emptyDraft(places[0])));
  const [isTried, setIsTried] = useState(false);
  const sending = useSend();
  const put = (more: Partial<Draft>): void => setDraft((d) => ({ ...d, ...more }));
  const faults = faultsOf(draft);
  const wrong = (field: DraftField): string | undefined => {
    if (isTried && faults[field]) return t(faults[field]);
    const said = sending.error instanceof ApiError ? sending.error.problem.errors : undefined;
    const found = said?.find((e) => isOf(field, e.field))?.message;
    return found && (sentence(lang, found) ?? t("res.fault.server"));
  };
  const change = of ? changeOf(of, draft) : null;
  const send = async (): Promise<void> => {
    setIsTried(true);
    if (Object.keys(faults).length > 0) return;
    const ok = await sending.send(() => (of ? (change ? tasks.editResponder(of.id, change) : Promise.resolve()) : tasks.addResponder(id, bodyOf(draft))));
    if (!ok) return;
    onDone();
    onClose();
  };
  const text = (field: "name" | "speed" | "endurance" | "lat" | "lon" | "mmsi" | "tak", label: string, isNumber = true) => (
    <Field label={label} error={wrong(field)}>
      <input
        value={draft[field]} autoComplete="off" inputMode={isNumber ? "decimal" : undefined} maxLength={isNumber ? 20 : 80}
        onChange={(e) => put({ [field]: e.target.value })}
      />
    </Field>
  );
  return (
    <Dialog title={of ? t("res.editOne", { name: of.name }) : t("res.add")} onClose={onClose}>
      <form
        className="desk-form"
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          void send();
        }}
      >
        {text("name", t("res.name"), false)}
        <p className="note">{t("res.name.note")}</p>
        {of ? <p>{names("responder", of.kind)} · {of.office_name[lang]} · {names("agency", of.agency)}</p> : (
          <>
            <Field label={t("res.kind")} error={wrong("kind")}>
              <select value={draft.kind} onChange={(e) => put({ kind: e.target.value as Draft["kind"] })}>
                {KINDS.map((k) => <option key={k} value={k}>{names("responder", k)}</option>)}
              </select>
            </Field>
            <OfficeField value={draft.office} error={wrong("office")} onChange={(office) => put({ office })} />
            {places.length > 1 && (
              <Field label={t("res.agency")} error={wrong("agency")}>
                <select value={draft.agency} onChange={(e) => put({ agency: e.target.value })}>
                  {[...new Set(places.map((p) => p.agency))].map((a) => <option key={a} value={a}>{names("agency", a)}</option>)}
                </select>
              </Field>
            )}
          </>
        )}
        <fieldset className="skills">
          <legend>{t("res.skills")}</legend>
          {SKILLS.map((s) => (
            <Check
              key={s} label={names("skill", s)} checked={draft.skills.includes(s)}
              onChange={(has) => put({ skills: has ? [...draft.skills, s] : draft.skills.filter((x) => x !== s) })}
            />
          ))}
        </fieldset>
        <div className="pair">{text("speed", t("res.speed"))}{text("endurance", t("res.endurance"))}</div>
        <div className="pair">{text("lat", t("res.lat"))}{text("lon", t("res.lon"))}</div>
        <div className="pair">{text("mmsi", t("res.mmsi"))}{text("tak", t("res.tak"), false)}</div>
        <AccountField of={of} office={draft.office} value={draft.account} error={wrong("account")} onChange={(account) => put({ account })} />
        <Wrong error={sending.error} />
        <button type="submit" className="main-button" disabled={sending.isBusy}>{t(of ? "res.save" : "res.add")}</button>
      </form>
    </Dialog>
  );
}

/** The unit that keeps it, by its code; the field finds it by name. */
function OfficeField({ value, error, onChange }: { value: string; error: string | undefined; onChange: (code: string) => void }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const id = useId();
  const found = useAsk(() => people.findUnits(value), [value]);
  return (
    <>
      <Field label={t("res.office.code")} error={error}>
        <input list={id} value={value} autoComplete="off" maxLength={40} onChange={(e) => onChange(e.target.value)} />
      </Field>
      <datalist id={id}>{found.data?.items.map((u) => <option key={u.code} value={u.code}>{u.name[lang]}</option>)}</datalist>
    </>
  );
}

/** Who carries its tasks: oneself, or of the office's accounts those that one may see. */
function AccountField({ of, office, value, error, onChange }: {
  of: Responder | null;
  office: string;
  value: string;
  error: string | undefined;
  onChange: (account: string) => void;
}) {
  const t = useWords();
  const self = useStore(me, (s) => s.me);
  const sees = useStore(mine, (s) => s.mine?.pages.includes("people") ?? false);
  const users = useAsk(
    async () => (sees && office ? (await people.users({ q: "", unit: office, status: "active", role: "" })).items : []),
    [sees, office],
  );
  const known = new Map<string, string>();
  if (of?.account) known.set(of.account, of.account_name || of.account);
  if (self) known.set(self.id, self.name);
  for (const user of users.data ?? []) known.set(user.id, user.name);
  return (
    <Field label={t("res.account")} error={error}>
      <select value={value} onChange={(e) => onChange(e.target.value)}>
        <option value="">{t("res.account.none")}</option>
        {[...known].map(([id, name]) => <option key={id} value={id}>{name}</option>)}
      </select>
    </Field>
  );
}
