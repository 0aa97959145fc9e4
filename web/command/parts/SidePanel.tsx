import { useEffect, useRef } from "react";
import { app } from "../state/app.ts";
import { useStore } from "../state/store.ts";
import { AlertDetail } from "./AlertDetail.tsx";
import { ContactPanel } from "./ContactPanel.tsx";
import { Contacts } from "./Contacts.tsx";
import { FenceForm } from "./FenceForm.tsx";
import { Fences } from "./Fences.tsx";
import { Layers } from "./Layers.tsx";
import { Outages } from "./Outages.tsx";
import { VesselPanel } from "./VesselPanel.tsx";
import { WatchList } from "./WatchList.tsx";
import { useWords } from "./common.tsx";

export function SidePanel() {
  const t = useWords();
  const selection = useStore(app, (s) => s.selection);
  const box = useRef<HTMLElement>(null);
  const shown = selection && `${selection.kind} ${"id" in selection ? selection.id : ""}`;
  useEffect(() => {
    // Whoever works in the list, the search or on the chart goes on there; all others go on in the panel, in the field that
    // a form begins with where it has one.
    const at = document.activeElement;
    if (shown && !at?.closest(".alert-list, .search, .chart, .side form")) box.current?.querySelector<HTMLElement>(".panel-body")?.focus();
  }, [shown]);
  if (!selection) return null;
  return (
    <section ref={box} className="side" aria-label={t(`panel.${selection.kind}`)}>
      {selection.kind === "alert" && <AlertDetail key={selection.id} id={selection.id} />}
      {selection.kind === "vessel" && <VesselPanel key={selection.id} id={selection.id} />}
      {selection.kind === "fences" && <Fences />}
      {selection.kind === "fence" && <FenceForm key={selection.id ?? "new"} id={selection.id} />}
      {selection.kind === "outages" && <Outages />}
      {selection.kind === "layers" && <Layers />}
      {selection.kind === "watchList" && <WatchList />}
      {selection.kind === "contacts" && <Contacts />}
      {selection.kind === "contact" && <ContactPanel key={selection.id} id={selection.id} />}
    </section>
  );
}
