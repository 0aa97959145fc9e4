import { api } from "../../client/api.ts";
import type { Geofence, GeofenceInput } from "../../client/types.ts";
import { goTo, select } from "../state/actions.ts";
import { app, toast } from "../state/app.ts";
import { loadFences, report } from "../state/session.ts";
import { useStore } from "../state/store.ts";
import { Empty, IconButton, Panel, useWords } from "./common.tsx";

export function Fences() {
  const t = useWords();
  const fences = useStore(app, (s) => s.fences);
  const remove = async (fence: Geofence): Promise<void> => {
    try {
      await api.deleteGeofence(fence.id);
      await loadFences();
    } catch (error) {
      return report(error);
    }
    const { id: _, ...again } = fence;
    toast({
      tone: "ok",
      text: t("fence.deleted", { name: fence.name }),
      action: { label: t("action.undo"), run: () => void api.addGeofence(again as GeofenceInput).then(loadFences, report) },
    });
  };
  const show = (fence: Geofence): void => {
    const [x, y] = fence.geometry.coordinates[0]![0]!;
    goTo({ lon: x!, lat: y! }, 9);
  };
  return (
    <Panel title={t("panel.fences")} onClose={() => select(null)}>
      <div className="buttons">
        <button type="button" className="main-button" onClick={() => select({ kind: "fence", id: null })}>{t("fence.new")}</button>
      </div>
      {fences.length === 0 && <Empty>{t("fence.none")}</Empty>}
      <ul className="cards">
        {fences.map((f) => (
          <li key={f.id}>
            <button type="button" className="link-button" onClick={() => show(f)}>{f.name}</button>
            <span>{ruleText(f, t)}</span>
            <IconButton icon="edit" label={t("fence.edit", { name: f.name })} onClick={() => select({ kind: "fence", id: f.id })} />
            <IconButton icon="delete" label={t("fence.delete", { name: f.name })} onClick={() => void remove(f)} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function ruleText(f: Geofence, t: ReturnType<typeof useWords>): string {
  return [
    f.rules.enter && t("fence.enter"),
    f.rules.exit && t("fence.exit"),
    f.rules.max_speed_kn !== null && `≤ ${f.rules.max_speed_kn} kn`,
    f.rules.night_only && t("fence.night"),
    t(`priority.${f.priority}`),
  ].filter(Boolean).join(" · ");
}
