import type { Contact, What } from "../../client/contacts.ts";
import type { IncidentType } from "../../client/incidents.ts";
import { app } from "../state/app.ts";
import { nameOf } from "../state/contacts.ts";
import { useStore } from "../state/store.ts";
import { Became } from "./Became.tsx";
import { useNames, useWords } from "./common.tsx";

// What it is taken for at first; whoever accepts it knows better.
const TYPE: Record<What, IncidentType> = { vessel: "other", small_craft: "rescue", in_water: "rescue", aircraft: "other", unknown: "other" };

/** Its text and place go along. */
export function ContactIncidents({ contact }: { contact: Contact }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const isNamed = contact.name || contact.call_sign || contact.mmsi !== null; // else what it is stands in its name
  const title = [
    nameOf(contact, lang), isNamed && names("contactWhat", contact.what), contact.on_board !== null && t("contact.persons", { n: contact.on_board }), contact.said,
  ].filter(Boolean).join(" · ");
  const severity = contact.what === "in_water" ? "serious" : "ordinary";
  return (
    <Became
      kind="contact" of={contact.id} make="incident.fromThis"
      report={{ type: TYPE[contact.what], severity, title, lon: contact.lon, lat: contact.lat }}
    />
  );
}
