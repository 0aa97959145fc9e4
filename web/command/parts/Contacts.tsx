import { useState } from "react";
import { contacts as api, type Contact } from "../../client/contacts.ts";
import { serverNow } from "../../client/http.ts";
import { Excel } from "../pages/kit/Excel.tsx";
import { Answer } from "../pages/kit/States.tsx";
import { useAsk } from "../pages/kit/useAsk.ts";
import { goTo, select } from "../state/actions.ts";
import { app, tick } from "../state/app.ts";
import { contacts, heardText, nameOf, newestFirst } from "../state/contacts.ts";
import { me } from "../state/me.ts";
import { mine, offered } from "../state/mine.ts";
import { useStore } from "../state/store.ts";
import { ContactForm } from "./ContactForm.tsx";
import { Empty, Panel, useNames, useWords } from "./common.tsx";

/** Who may enter contacts; where nobody signs in, whoever is there. */
export function useMayAdd(): boolean {
  const isLocal = useStore(me, (s) => s.phase === "local");
  const may = useStore(mine, (s) => offered(s.mine, "contact.add").length > 0);
  return isLocal || may;
}

export function openContact(c: Contact): void {
  select({ kind: "contact", id: c.id });
  goTo({ lon: c.lon, lat: c.lat }, 9);
}

/** Those in the picture, newest first, in a box of their own so that the form below is in sight too; the keys go to the
 * form. At the foot all there ever were. */
export function Contacts() {
  const t = useWords();
  const items = useStore(contacts, (s) => s.items);
  const mayAdd = useMayAdd();
  const [isPast, setIsPast] = useState(false);
  return (
    <Panel title={t("panel.contacts")} onClose={() => select(null)}>
      <h3>{t("contact.list")}</h3>
      {items.length === 0 ? <Empty>{t("contact.none")}</Empty> : <div className={mayAdd ? "few" : undefined}><Rows items={items} /></div>}
      {mayAdd && (
        <>
          <h3>{t("contact.new")}</h3>
          <ContactForm onDone={openContact} />
        </>
      )}
      <button type="button" aria-expanded={isPast} onClick={() => setIsPast(!isPast)}>{t("contact.past")}</button>
      {isPast && <Past />}
      <Excel path="/contacts" asked={{ past: "true" }} />
    </Panel>
  );
}

function Rows({ items }: { items: readonly Contact[] }) {
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  useStore(tick, (s) => Math.floor(s.n / 10));
  return (
    <ul className="cards">
      {newestFirst(items).map((c) => (
        <li key={c.id} aria-label={nameOf(c, lang)}>
          <button type="button" className="link-button" onClick={() => openContact(c)}>{nameOf(c, lang)}</button>
          <span>
            {names("contactWhat", c.what)} · {c.state === "live" ? heardText(c, serverNow(), lang) : c.ended ? names("contactEnd", c.ended.why) : names("contactState", c.state)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Past() {
  const t = useWords();
  const found = useAsk(() => api.all(), []);
  return <Answer of={found} isEmpty={(page) => page.items.length === 0} empty={t("contact.none")}>{(page) => <Rows items={page.items} />}</Answer>;
}
