import { api } from "../../client/http.ts";
import type { Fence } from "../../client/types.ts";
import { uuid7 } from "../../client/uuid7.ts";
import { goTo, select } from "../state/actions.ts";
import { app, toast } from "../state/app.ts";
import { report } from "../state/report.ts";
import { loadFences } from "../state/session.ts";
import { useStore } from "../state/store.ts";
import { withWhy } from "../state/why.ts";
import { fenceName, inputOf, ruleText } from "./fence.ts";
import { Empty, IconButton, Panel, useWords } from "./common.tsx";

export function Fences() {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const fences = useStore(app, (s) => s.fences);
  const remove = async (fence: Fence): Promise<void> => {
    try {
      const done = await withWhy((why) => api.deleteFence(fence.id, why));
      if (done === null) return;
      if (done) return toast({ tone: "ok", text: t("change.waits"), remedy: t("change.waits.text") });
      await loadFences();
    } catch (error) {
      return report(error);
    }
    const again = inputOf(fence); // the old id is spent: what comes back is a new fence
    again.id = uuid7();
    delete again.properties.version;
    toast({
      tone: "ok",
      text: t("fence.deleted", { name: fenceName(fence, lang) }),
      action: { label: t("action.undo"), run: () => void api.addFence(again).then(loadFences, report) },
    });
  };
  const show = (fence: Fence): void => {
    const g = fence.geometry;
    const [x, y] = (g.type === "Polygon" ? g.coordinates[0] : g.coordinates[0]?.[0])?.[0] ?? [];
    if (x !== undefined && y !== undefined) goTo({ lon: x, lat: y }, 8);
  };
  return (
    <Panel title={t("panel.fences")} onClose={() => select(null)}>
      <div className="buttons">
        <button type="button" className="main-button" onClick={() => select({ kind: "fence", id: null })}>{t("fence.new")}</button>
      </div>
      {fences.length === 0 && <Empty>{t("fence.none")}</Empty>}
      <ul className="cards">
        {fences.map((f) => {
          const name = fenceName(f, lang);
          return (
            <li key={f.id}>
              <button type="button" className="link-button" onClick={() => show(f)}>{name}</button>
              <span>
                {f.properties.rules.map((r) => ruleText(r, t)).join(" · ") || t("fence.noRules")}
                {!f.properties.editable && <> · {t("fence.packaged")}</>}
              </span>
              {f.properties.editable && (
                <>
                  <IconButton icon="edit" label={t("fence.edit", { name })} onClick={() => select({ kind: "fence", id: f.id })} />
                  <IconButton icon="delete" label={t("fence.delete", { name })} onClick={() => void remove(f)} />
                </>
              )}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
