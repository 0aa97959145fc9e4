import { useState } from "react";
import type { Contact, What } from "../../client/contacts.ts";
import { incidents, type IncidentType } from "../../client/incidents.ts";
import { Wrong } from "../pages/kit/States.tsx";
import { useAsk, useSend } from "../pages/kit/useAsk.ts";
import { app } from "../state/app.ts";
import { nameOf } from "../state/contacts.ts";
import { mine, offered } from "../state/mine.ts";
import { addressOf, goPage, route } from "../state/route.ts";
import { useStore } from "../state/store.ts";
import { useNames, useWords } from "./common.tsx";

// What it is taken for at first; whoever accepts it knows better.
const TYPE: Record<What, IncidentType> = { vessel: "other", small_craft: "rescue", in_water: "rescue", aircraft: "other", unknown: "other" };

/** What became of a contact, and one click to make it what people handle: its text and place go along. */
export function ContactIncidents({ contact }: { contact: Contact }) {
  const my = useStore(mine, (s) => s.mine);
  return my?.pages.includes("incidents") ? <Found contact={contact} mayReport={offered(my, "incident.report").length > 0} /> : null;
}

function Found({ contact, mayReport }: { contact: Contact; mayReport: boolean }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const [id] = useState(incidents.newId); // the same when it is sent again
  const page = useStore(route, (s) => s.page); // the map stays behind other pages: asked again when it comes back
  const found = useAsk(() => incidents.of("contact", contact.id), [contact.id, page]);
  const sending = useSend();
  const title = [
    nameOf(contact, lang), names("contactWhat", contact.what), contact.on_board !== null && t("contact.persons", { n: contact.on_board }), contact.said,
  ].filter(Boolean).join(" · ");
  const make = () =>
    sending.send(async () => {
      await incidents.report(id, {
        type: TYPE[contact.what], severity: contact.what === "in_water" ? "serious" : "ordinary", title,
        lon: contact.lon, lat: contact.lat, sources: [{ kind: "contact", ref: contact.id }],
      });
      goPage("incidents", id);
    });
  return (
    <div className="became">
      {found.data?.items.map((i) => (
        <a key={i.id} href={addressOf("incidents", i.id)}>{t("incident.became", { code: i.code, state: names("incidentState", i.state) })}</a>
      ))}
      {mayReport && found.data?.items.length === 0 && (
        <button type="button" disabled={sending.isBusy} onClick={() => void make()}>{t("incident.fromThis")}</button>
      )}
      <Wrong error={sending.error ?? found.error} />
    </div>
  );
}
