import { useState } from "react";
import { people, type Key } from "../../../client/people.ts";
import { Check, Field, useNames, useWords } from "../../parts/common.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { FormDialog } from "../kit/FormDialog.tsx";
import { usePages } from "../kit/Pages.tsx";
import { Section } from "../kit/Section.tsx";
import { Answer, Wrong } from "../kit/States.tsx";
import { Table, type Column } from "../kit/Table.tsx";
import { useAsk, useSend } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { KEY_ACTIONS } from "./keyActions.ts";
import { OnceLink } from "./OnceLink.tsx";

const DAY_MS = 86_400_000;

/** Keys by which other systems ask: for some actions, in one unit, until a day. */
export function Keys() {
  const t = useWords();
  const [isMaking, setIsMaking] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const keys = useAsk(() => people.keys(), []);
  return (
    <Section title={t("people.tab.keys")} actions={<button type="button" className="main-button" onClick={() => setIsMaking(true)}>{t("apikey.make")}</button>}>
      <Answer of={keys} isEmpty={(page) => page.items.length === 0} empty={t("apikey.none")}>
        {(page) => <KeyTable items={page.items} onDone={() => void keys.reload()} />}
      </Answer>
      {isMaking && (
        <MakeKey
          onClose={() => setIsMaking(false)}
          onMade={(written) => {
            setMade(written);
            void keys.reload();
          }}
        />
      )}
      {made && (
        <Dialog title={t("apikey.made")} onClose={() => setMade(null)}>
          <div className="dialog-body"><OnceLink link={made} /></div>
        </Dialog>
      )}
    </Section>
  );
}

function KeyTable({ items, onDone }: { items: Key[]; onDone: () => void }) {
  const t = useWords();
  const names = useNames();
  const sending = useSend();
  const { shown, pager } = usePages(items);
  const columns: Column<Key>[] = [
    { key: "name", head: t("apikey.name"), isHead: true, cell: (k) => <>{k.name}<br /><span className="id">{k.prefix}…</span></> },
    { key: "may", head: t("apikey.actions"), isText: true, cell: (k) => k.actions.map((a) => names("keymay", a)).join(", ") },
    { key: "unit", head: t("role.where"), cell: (k) => <>{k.unit}{k.agency && <> · {k.agency}</>}</> },
    { key: "expires", head: t("apikey.expires"), cell: (k) => <><When at={k.expires} />{k.renewed && <><br />{t("apikey.renewed")} <When at={k.renewed} /></>}</> },
    { key: "used", head: t("apikey.used"), cell: (k) => (k.used ? <><When at={k.used} /> {k.address}</> : t("apikey.never")) },
    {
      key: "do", head: t("page.actions"),
      cell: (k) => (k.ended ? <>{t("apikey.ended")} <When at={k.ended} /></> : (
        <button type="button" disabled={sending.isBusy} onClick={() => void sending.send(() => people.endKey(k.id)).then((ok) => ok && onDone())}>{t("apikey.end")}</button>
      )),
    },
  ];
  return (
    <>
      <Wrong error={sending.error} />
      <Table name={t("people.tab.keys")} columns={columns} rows={shown} keyOf={(k) => k.id} />
      {pager}
    </>
  );
}

function MakeKey({ onClose, onMade }: { onClose: () => void; onMade: (written: string) => void }) {
  const t = useWords();
  const [name, setName] = useState("");
  const [unit, setUnit] = useState("");
  const [agency, setAgency] = useState("");
  const [actions, setActions] = useState<string[]>(["intake.write", "key.renew"]);
  const [until, setUntil] = useState(() => new Date(Date.now() + 90 * DAY_MS).toISOString().slice(0, 10));
  const names = useNames();
  return (
    <FormDialog
      title={t("apikey.make")}
      submit={t("apikey.make")}
      isReady={name.trim() !== "" && unit.trim() !== "" && actions.length > 0 && until !== ""}
      work={async () => {
        const expires = new Date(`${until}T00:00`).toISOString();
        onMade((await people.makeKey({ name: name.trim(), unit: unit.trim(), agency: agency.trim() || null, actions, expires })).key);
      }}
      onClose={onClose}
    >
      <Field label={t("apikey.name")}>
        <input value={name} required maxLength={200} autoComplete="off" onChange={(e) => setName(e.target.value)} />
      </Field>
      <fieldset>
        <legend>{t("apikey.actions")}</legend>
        <div className="checks">
          {KEY_ACTIONS.map((action) => (
            <Check
              key={action}
              label={names("keymay", action)}
              checked={actions.includes(action)}
              onChange={(on) => setActions(on ? [...actions, action] : actions.filter((a) => a !== action))}
            />
          ))}
        </div>
      </fieldset>
      <div className="pair">
        <Field label={t("role.unit")}>
          <input value={unit} required maxLength={24} autoComplete="off" onChange={(e) => setUnit(e.target.value)} />
        </Field>
        <Field label={t("role.agency")}>
          <input value={agency} maxLength={40} autoComplete="off" onChange={(e) => setAgency(e.target.value)} />
        </Field>
        <Field label={t("apikey.expires")}>
          <input type="date" value={until} required onChange={(e) => setUntil(e.target.value)} />
        </Field>
      </div>
      <p className="note">{t("apikey.note")}</p>
    </FormDialog>
  );
}
