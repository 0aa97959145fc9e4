import { useEffect, useRef, useState } from "react";
import { api, ApiError } from "../../client/api.ts";
import type { GeofenceInput, Priority } from "../../client/types.ts";
import type { FenceEditor } from "../../map/fenceEditor.ts";
import { select } from "../state/actions.ts";
import { app } from "../state/app.ts";
import { chart } from "../state/chartHost.ts";
import { loadFences, report } from "../state/session.ts";
import { useStore } from "../state/store.ts";
import { fromField, toField } from "../state/time.ts";
import { Check, Field, Panel, useWords } from "./common.tsx";

const NEW: GeofenceInput = {
  name: "",
  geometry: { type: "Polygon", coordinates: [] },
  rules: { enter: true, exit: false, max_speed_kn: null, night_only: false },
  priority: 3,
  valid_from: null,
  valid_to: null,
};

export function FenceForm({ id }: { id: string | null }) {
  const t = useWords();
  const old = useStore(app, (s) => s.fences.find((f) => f.id === id));
  const [fence, setFence] = useState<GeofenceInput>(old ?? NEW);
  const [drawn, setDrawn] = useState(old !== undefined);
  const [error, setError] = useState<ApiError | null>(null);
  const [tried, setTried] = useState(false);
  const editor = useRef<FenceEditor | null>(null);

  useEffect(() => {
    let gone = false;
    void import("../../map/fenceEditor.ts").then(({ FenceEditor }) => {
      const c = chart.current;
      if (gone || !c) return;
      c.setVisible("fences", old === undefined);
      editor.current = new FenceEditor(c.map, c.colors, (polygon) => {
        setDrawn(polygon !== null);
        if (polygon) setFence((f) => ({ ...f, geometry: polygon }));
      });
      if (old) editor.current.open(old.geometry);
      else editor.current.begin();
    }).catch(report);
    return () => {
      gone = true;
      editor.current?.stop();
      editor.current = null;
      chart.current?.setVisible("fences", app.get().groups.fences);
    };
  }, [id]);

  const rules = fence.rules;
  const setRules = (patch: Partial<GeofenceInput["rules"]>): void => setFence({ ...fence, rules: { ...rules, ...patch } });
  const noRule = !rules.enter && !rules.exit && rules.max_speed_kn === null;
  const backwards = fence.valid_from && fence.valid_to && fence.valid_to <= fence.valid_from;
  const save = async (): Promise<void> => {
    setTried(true);
    setError(null);
    if (!drawn || !fence.name.trim() || noRule || backwards) return;
    try {
      await (id === null ? api.addGeofence(fence) : api.putGeofence(id, fence));
      await loadFences();
      select({ kind: "fences" });
    } catch (e) {
      if (e instanceof ApiError && e.problem.errors?.length) setError(e);
      else report(e);
    }
  };
  return (
    <Panel title={t(id === null ? "fence.new" : "panel.fence")} onClose={() => select({ kind: "fences" })}>
      <p className="note" role="status">{t(drawn ? "fence.howEdit" : "fence.howDraw")}</p>
      <div className="buttons">
        <button type="button" onClick={() => editor.current?.begin()}>{t("fence.redraw")}</button>
        <button type="button" disabled={!drawn} onClick={() => editor.current?.undo()}>{t("fence.undoCorner")}</button>
      </div>
      <form
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          void save();
        }}
      >
        {tried && !drawn && <p className="note bad" role="alert">{t("fence.notDrawn")}</p>}
        {error?.field("geometry") && <p className="note bad" role="alert">{error.field("geometry")}</p>}
        <Field label={t("fence.name")} error={error?.field("name") ?? (tried && !fence.name.trim() ? t("form.required") : undefined)}>
          <input value={fence.name} maxLength={100} onChange={(e) => setFence({ ...fence, name: e.target.value })} />
        </Field>
        <fieldset>
          <legend>{t("fence.rules")}</legend>
          <Check label={t("fence.enter")} checked={rules.enter} onChange={(enter) => setRules({ enter })} />
          <Check label={t("fence.exit")} checked={rules.exit} onChange={(exit) => setRules({ exit })} />
          <Check label={t("fence.night")} checked={rules.night_only} onChange={(night_only) => setRules({ night_only })} />
          <Field label={t("fence.maxSpeed")} error={error?.field("max_speed_kn")}>
            <input
              type="number" min={0} max={100} step={0.5} value={rules.max_speed_kn ?? ""}
              onChange={(e) => setRules({ max_speed_kn: e.target.value === "" ? null : Number(e.target.value) })}
            />
          </Field>
          {tried && noRule && <p className="note bad" role="alert">{t("fence.noRule")}</p>}
        </fieldset>
        <Field label={t("fence.priority")} error={error?.field("priority")}>
          <select value={fence.priority} onChange={(e) => setFence({ ...fence, priority: Number(e.target.value) as Priority })}>
            {([2, 3, 4] as const).map((p) => <option key={p} value={p}>{t(`priority.${p}`)}</option>)}
          </select>
        </Field>
        <Field label={t("fence.from")} error={error?.field("valid_from")}>
          <input type="datetime-local" value={toField(fence.valid_from ?? "")} onChange={(e) => setFence({ ...fence, valid_from: fromField(e.target.value) || null })} />
        </Field>
        <Field label={t("fence.to")} error={error?.field("valid_to") ?? (backwards ? t("form.endBeforeStart") : undefined)}>
          <input type="datetime-local" value={toField(fence.valid_to ?? "")} onChange={(e) => setFence({ ...fence, valid_to: fromField(e.target.value) || null })} />
        </Field>
        <button type="submit" className="main-button">{t("form.save")}</button>
      </form>
    </Panel>
  );
}
