import { app } from "../state/app.ts";
import { useStore } from "../state/store.ts";
import { AlertDetail } from "./AlertDetail.tsx";
import { FenceForm } from "./FenceForm.tsx";
import { Fences } from "./Fences.tsx";
import { Layers } from "./Layers.tsx";
import { Outages } from "./Outages.tsx";
import { VesselPanel } from "./VesselPanel.tsx";
import { useWords } from "./common.tsx";

export function SidePanel() {
  const t = useWords();
  const selection = useStore(app, (s) => s.selection);
  if (!selection) return null;
  return (
    <section className="side" aria-label={t(`panel.${selection.kind}`)}>
      {selection.kind === "alert" && <AlertDetail key={selection.id} id={selection.id} />}
      {selection.kind === "vessel" && <VesselPanel key={selection.id} id={selection.id} />}
      {selection.kind === "fences" && <Fences />}
      {selection.kind === "fence" && <FenceForm key={selection.id ?? "new"} id={selection.id} />}
      {selection.kind === "outages" && <Outages />}
      {selection.kind === "layers" && <Layers />}
    </section>
  );
}
