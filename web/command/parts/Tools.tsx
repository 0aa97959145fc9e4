import { select, setTool } from "../state/actions.ts";
import { app, type Selection } from "../state/app.ts";
import { chart } from "../state/chartHost.ts";
import { contacts } from "../state/contacts.ts";
import { useStore } from "../state/store.ts";
import { watchList } from "../state/watchList.ts";
import { IconButton, useWords } from "./common.tsx";

export function Tools() {
  const t = useWords();
  const tool = useStore(app, (s) => s.tool);
  const kind = useStore(app, (s) => s.selection?.kind ?? null);
  const seesList = useStore(watchList, (s) => s.mayRead);
  const seesContacts = useStore(contacts, (s) => s.mayRead);
  const panel = (name: "layers" | "fences" | "outages" | "watchList" | "contacts"): void =>
    select(kind === name ? null : ({ kind: name } as Selection));
  return (
    <nav className="tools" aria-label={t("tools.label")}>
      <IconButton icon="layers" label={t("key.layers")} hint="l" pressed={kind === "layers"} onClick={() => panel("layers")} />
      <IconButton icon="measure" label={t("key.measure")} hint="m" pressed={tool === "measure"} onClick={() => setTool("measure")} />
      <IconButton icon="cpa" label={t("key.cpa")} hint="c" pressed={tool === "cpa"} onClick={() => setTool("cpa")} />
      <IconButton icon="position" label={t("key.goto")} hint="g" onClick={() => app.set({ goTo: true })} />
      <hr />
      <IconButton icon="fence" label={t("key.fences")} hint="f" pressed={kind === "fences" || kind === "fence"} onClick={() => panel("fences")} />
      <IconButton icon="outage" label={t("key.outages")} hint="o" pressed={kind === "outages"} onClick={() => panel("outages")} />
      {seesList && <IconButton icon="pin" label={t("key.watchList")} hint="v" pressed={kind === "watchList"} onClick={() => panel("watchList")} />}
      {seesContacts && <IconButton icon="radio" label={t("key.contacts")} hint="h" pressed={kind === "contacts" || kind === "contact"} onClick={() => panel("contacts")} />}
      <hr />
      <button type="button" className="icon-button sign" aria-label={t("key.zoomIn")} title={`${t("key.zoomIn")} (+)`} onClick={() => chart.current?.map.zoomIn()}>+</button>
      <button type="button" className="icon-button sign" aria-label={t("key.zoomOut")} title={`${t("key.zoomOut")} (-)`} onClick={() => chart.current?.map.zoomOut()}>−</button>
    </nav>
  );
}
