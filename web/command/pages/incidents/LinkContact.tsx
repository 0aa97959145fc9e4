import { useState } from "react";
import { contacts } from "../../../client/contacts.ts";
import { serverNow } from "../../../client/http.ts";
import { incidents, type Incident, type IncidentDetail } from "../../../client/incidents.ts";
import { Field, useNames, useWords } from "../../parts/common.tsx";
import { select } from "../../state/actions.ts";
import { app } from "../../state/app.ts";
import { heardText, nameOf, newestFirst } from "../../state/contacts.ts";
import { goPage } from "../../state/route.ts";
import { useStore } from "../../state/store.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import { Answer } from "../kit/States.tsx";
import { useAsk } from "../kit/useAsk.ts";

/** A contact from which an incident came, by its name where it may be read; leads back to its place and all that was
 * entered of it. */
export function ContactSource({ id }: { id: string }) {
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const { data } = useAsk(() => contacts.one(id), [id]);
  const show = (): void => {
    select({ kind: "contact", id });
    goPage("map");
  };
  return <button type="button" className="link-button" onClick={show}>{names("source", "contact")} {data ? nameOf(data, lang) : id.slice(0, 8)}</button>;
}

/** A button that makes a contact in the picture, such as a call on VHF, a source of the incident. */
export function LinkContact({ of, onDone }: { of: IncidentDetail; onDone: (now: Incident) => void }) {
  const t = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <div className="buttons quiet">
        <button type="button" onClick={() => setOpen(true)}>{t("incident.linkContact")}</button>
      </div>
      {isOpen && <Choose of={of} onDone={onDone} onClose={() => setOpen(false)} />}
    </>
  );
}

function Choose({ of, onDone, onClose }: { of: IncidentDetail; onDone: (now: Incident) => void; onClose: () => void }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const [id] = useState(incidents.newId);
  const [ref, setRef] = useState("");
  const found = useAsk(async () => newestFirst((await contacts.live()).items.filter((c) => !of.sources.some((s) => s.ref === c.id))), [of.id]);
  return (
    <FormDialog
      title={t("incident.linkContact")}
      submit={t("incident.linkContact")}
      isReady={ref !== ""}
      work={async () => onDone(await incidents.step(of.id, id, { kind: "add_source", source: { kind: "contact", ref } }))}
      onClose={onClose}
    >
      <Answer of={found} isEmpty={(items) => items.length === 0} empty={t("incident.noContacts")}>
        {(items) => (
          <Field label={t("panel.contact")}>
            <select value={ref} onChange={(e) => setRef(e.target.value)}>
              <option value="">{t("person.more.choose")}</option>
              {items.map((c) => <option key={c.id} value={c.id}>{nameOf(c, lang)} · {names("contactWhat", c.what)} · {heardText(c, serverNow(), lang)}</option>)}
            </select>
          </Field>
        )}
      </Answer>
    </FormDialog>
  );
}
