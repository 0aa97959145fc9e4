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
import { useUnitNames } from "../kit/useUnitNames.ts";
import { When } from "../kit/When.tsx";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { dayStart } from "../../state/time.ts";
import { useZone } from "../../state/zone.ts";
import { KEY_ACTIONS } from "./keyActions.ts";
import { OnceLink } from "./OnceLink.tsx";
import { UnitField } from "./UnitField.tsx";

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
  const placeName = usePlaceNames(items);
  const columns: Column<Key>[] = [
    { key: "name", head: t("apikey.name"), isHead: true, cell: (k) => <>{k.name}<br /><span className="id">{k.prefix}…</span></> },
    { key: "may", head: t("apikey.actions"), isText: true, cell: (k) => t.list(k.actions.map((a) => names("keymay", a))) },
    { key: "unit", head: t("role.where"), isText: true, cell: (k) => <span title={[k.unit, k.agency].filter(Boolean).join(" · ")}>{placeName(k)}</span> },
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

/** What people call the places of keys, which name theirs by code. */
function usePlaceNames(keys: Key[]): (key: Key) => string {
  const lang = useStore(app, (s) => s.lang);
  const unitName = useUnitNames(keys.map((k) => k.unit));
  const agencies = useAsk(() => people.agencies(""), []);
  return (key) => {
    const agency = key.agency && (agencies.data?.items.find((a) => a.code === key.agency)?.name[lang] ?? key.agency);
    return [unitName(key.unit), agency].filter(Boolean).join(" · ");
  };
}

function MakeKey({ onClose, onMade }: { onClose: () => void; onMade: (written: string) => void }) {
  const t = useWords();
  const [name, setName] = useState("");
  const [unit, setUnit] = useState("");
  const [agency, setAgency] = useState("");
  const [actions, setActions] = useState<string[]>(["intake.write", "key.renew"]);
  const lang = useStore(app, (s) => s.lang);
  const zone = useZone();
  const agencies = useAsk(() => people.agencies(""), []);
  const [until, setUntil] = useState(() => new Date(Date.now() + 90 * DAY_MS).toISOString().slice(0, 10));
  const names = useNames();
  return (
    <FormDialog
      title={t("apikey.make")}
      submit={t("apikey.make")}
      isReady={name.trim() !== "" && unit !== "" && actions.length > 0 && until !== ""}
      work={async () => {
        onMade((await people.makeKey({ name: name.trim(), unit, agency: agency || null, actions, expires: dayStart(until, zone)! })).key);
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
        <p className="note">{t("apikey.elsewhere")}</p>
      </fieldset>
      <div className="pair">
        <UnitField label={t("role.unit")} value={unit} onChange={setUnit} />
        <Field label={t("role.agency")}>
          <select value={agency} onChange={(e) => setAgency(e.target.value)}>
            <option value="">{t("role.noAgency")}</option>
            {agencies.data?.items.map((a) => <option key={a.code} value={a.code}>{a.name[lang]} · {a.unit_name?.[lang] ?? a.unit}</option>)}
          </select>
        </Field>
        <Field label={t("apikey.expires")}>
          <input type="date" value={until} required onChange={(e) => setUntil(e.target.value)} />
        </Field>
      </div>
      <p className="note">{t("apikey.note")}</p>
    </FormDialog>
  );
}
