import { load } from "../../../client/load.ts";
import { useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { useAsk } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";

/** A shelf as a handover keeps it. Rule and kind are null of an alert that is no longer kept. */
export interface FoundShelf {
  id: string;
  alert: string | null;
  rule: string | null;
  kind: string | null;
  until: string;
}

/** What was set aside when the watch was handed over, until when and, where it is still kept, why and by whom. */
export function LeftAside({ shelves }: { shelves: FoundShelf[] }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const alerts = useStore(app, (s) => s.alerts);
  const kept = useAsk(() => load.shelves(), []);
  return shelves.map((of) => {
    const shelf = kept.data?.items.find((s) => s.id === of.id);
    const said = of.alert && alerts.get(of.alert)?.sentence[lang];
    const what = said || (of.rule && of.kind ? `${names("rule", of.rule)} · ${names("kind", of.kind)}` : of.alert);
    const where = [shelf?.thing, shelf?.fence].filter(Boolean).join(" · ");
    return (
      <li key={of.id}>
        <span className="tag">{t("alert.shelved")}</span> {what}{where && ` · ${where}`} · {t("duty.found.until")} <When at={of.until} />
        {shelf?.reason && <> · {shelf.reason} · {shelf.names[shelf.by] ?? shelf.by}</>}
      </li>
    );
  });
}
