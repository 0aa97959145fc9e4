import type { Contact } from "../../../client/contacts.ts";
import { useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { heardText, nameOf } from "../../state/contacts.ts";
import { useStore } from "../../state/store.ts";

/** Contacts as they were known at the time that is shown; nothing where there were none. */
export function ContactsThen({ contacts, atMs, onPlace }: { contacts: Contact[]; atMs: number; onPlace: (lon: number, lat: number) => void }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  if (contacts.length === 0) return null;
  return (
    <section aria-label={t("past.contacts")}>
      <h2>{t("past.contacts")} <small>{contacts.length}</small></h2>
      <ul>
        {contacts.map((c) => (
          <li key={c.id}>
            <span />
            <div>
              <b>{nameOf(c, lang)}</b> {names("contactWhat", c.what)}
              <p>{heardText(c, atMs, lang)}</p>
            </div>
            <button type="button" className="link-button" onClick={() => onPlace(c.lon, c.lat)}>{t("past.place")}</button>
          </li>
        ))}
      </ul>
    </section>
  );
}
