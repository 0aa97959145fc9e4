import { useState } from "react";
import { contacts as api, type Contact, type EndWhy } from "../../client/contacts.ts";
import { Wrong } from "../pages/kit/States.tsx";
import { useSend } from "../pages/kit/useAsk.ts";
import { takeContacts } from "../state/contacts.ts";
import { Field, useNames, useWords } from "./common.tsx";

const WHYS: EndWhy[] = ["in_port", "identified", "mistaken", "other"];

/** Why it is followed no longer. */
export function ContactEnd({ contact, onDone }: { contact: Contact; onDone: () => void }) {
  const t = useWords();
  const names = useNames();
  const [id] = useState(api.newId); // the same when it is sent again
  const [why, setWhy] = useState<EndWhy>("in_port");
  const [mmsi, setMmsi] = useState(String(contact.mmsi ?? ""));
  const [said, setSaid] = useState("");
  const sending = useSend();
  const isReady = (why !== "identified" || /^\d{1,9}$/.test(mmsi.trim())) && (why !== "other" || said.trim() !== "");
  return (
    <form
      aria-label={t("contact.end")}
      onSubmit={(e) => {
        e.preventDefault();
        void sending.send(async () => {
          takeContacts([await api.end(contact.id, id, { why, mmsi: why === "identified" ? Number(mmsi) : null, said: said.trim() })]);
          onDone();
        });
      }}
    >
      <Field label={t("contact.why")}>
        <select value={why} onChange={(e) => setWhy(e.target.value as EndWhy)}>
          {WHYS.map((w) => <option key={w} value={w}>{names("contactEnd", w)}</option>)}
        </select>
      </Field>
      {why === "identified" && (
        <Field label="MMSI">
          <input value={mmsi} inputMode="numeric" maxLength={9} onChange={(e) => setMmsi(e.target.value)} />
        </Field>
      )}
      <Field label={t("contact.whySaid")}>
        <input value={said} maxLength={1000} autoComplete="off" onChange={(e) => setSaid(e.target.value)} />
      </Field>
      <Wrong error={sending.error} />
      <button type="submit" className="main-button" disabled={!isReady || sending.isBusy}>{t("contact.end")}</button>
    </form>
  );
}
