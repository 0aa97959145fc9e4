import { useEffect, useRef, useState } from "react";
import { api, ApiError } from "../../client/http.ts";
import type { FenceInput } from "../../client/types.ts";
import type { FenceEditor } from "../../map/fenceEditor.ts";
import { select } from "../state/actions.ts";
import { app, toast } from "../state/app.ts";
import { chart } from "../state/chartHost.ts";
import { report } from "../state/report.ts";
import { saidOfField } from "../state/said.ts";
import { loadFences } from "../state/session.ts";
import { useStore } from "../state/store.ts";
import { withWhy } from "../state/why.ts";
import { fromField, toField } from "../state/time.ts";
import { drawable, inputOf, newFence } from "./fence.ts";
import { FenceCorners } from "./FenceCorners.tsx";
import { FenceRules } from "./FenceRules.tsx";
import { Field, Panel, useWords } from "./common.tsx";

/** Terra Draw comes when a fence is opened, and goes with the form. */
function useEditor(fence: FenceInput, isNew: boolean, changed: (polygon: GeoJSON.Polygon | null) => void) {
  const editor = useRef<FenceEditor | null>(null);
  const typed = useRef<GeoJSON.Polygon | null>(null); // corners that came before the editor did
  useEffect(() => {
    const polygon = drawable(fence);
    if (!polygon) return;
    let gone = false;
    void import("../../map/fenceEditor.ts").then(({ FenceEditor }) => {
      const c = chart.current;
      if (gone || !c) return;
      if (!isNew) c.setVisible("fences", false);
      editor.current = new FenceEditor(c.map, c.colors, changed);
      if (isNew) editor.current.begin();
      else editor.current.open(polygon);
      if (typed.current) editor.current.replace(typed.current);
    }).catch(report);
    return () => {
      gone = true;
      editor.current?.stop();
      editor.current = null;
      chart.current?.setVisible("fences", app.get().groups.fences);
    };
  }, []);
  const replace = (polygon: GeoJSON.Polygon): void => {
    if (editor.current) editor.current.replace(polygon);
    else typed.current = polygon;
  };
  return { editor, replace };
}

export function FenceForm({ id }: { id: string | null }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const old = useStore(app, (s) => s.fences.find((f) => f.id === id));
  const [fence, setFence] = useState<FenceInput>(() => (old ? inputOf(old) : newFence()));
  const [drawn, setDrawn] = useState(old !== undefined);
  const [error, setError] = useState<ApiError | null>(null);
  const [tried, setTried] = useState(false);
  const isNew = old === undefined;
  const { editor, replace } = useEditor(fence, isNew, (polygon) => {
    setDrawn(polygon !== null);
    if (polygon) setFence((f) => ({ ...f, geometry: polygon }));
  });

  const { name, rules, valid_from, valid_to } = fence.properties;
  const set = (patch: Partial<FenceInput["properties"]>): void =>
    setFence((f) => ({ ...f, properties: { ...f.properties, ...patch } }));
  const nameless = !name.zh.trim() && !name.en.trim();
  const backwards = valid_from && valid_to && valid_to <= valid_from;
  const save = async (): Promise<void> => {
    setTried(true);
    setError(null);
    if (!drawn || nameless || rules.length === 0 || backwards) return;
    const named = { zh: name.zh.trim() || name.en.trim(), en: name.en.trim() || name.zh.trim() };
    const whole = { ...fence, properties: { ...fence.properties, name: named } };
    try {
      const saved = await (isNew ? api.addFence(whole) : withWhy((why) => api.putFence(whole, why)));
      if (saved === null) return;
      if ("state" in saved) toast({ tone: "ok", text: t("change.waits"), remedy: t("change.waits.text") });
      await loadFences();
      select({ kind: "fences" });
    } catch (e) {
      if (e instanceof ApiError && e.problem.status === 422) setError(e);
      else report(e);
    }
  };
  const how = !drawable(fence) ? "fence.howFixed" : drawn ? "fence.howEdit" : "fence.howDraw";
  const shown = ["properties.name", "properties.valid", "properties.rules", "geometry"];
  const others = error?.problem.errors?.filter((e) => !shown.some((s) => e.field.startsWith(s))) ?? [];
  return (
    <Panel title={t(isNew ? "fence.new" : "panel.fence")} onClose={() => select({ kind: "fences" })}>
      <p className="note" role="status">{t(how)}</p>
      {drawable(fence) && (
        <div className="buttons">
          <button type="button" onClick={() => editor.current?.begin()}>{t("fence.redraw")}</button>
          <button type="button" disabled={!drawn} onClick={() => editor.current?.undo()}>{t("fence.undoCorner")}</button>
        </div>
      )}
      {drawable(fence) && <FenceCorners polygon={drawable(fence)!} take={replace} />}
      <form
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          void save();
        }}
      >
        {tried && !drawn && <p className="note bad" role="alert">{t("fence.notDrawn")}</p>}
        {saidOfField(lang, error, "geometry") && <p className="note bad" role="alert">{saidOfField(lang, error, "geometry")}</p>}
        {others.map((e) => <p key={e.field} className="note bad" role="alert">{e.field}: {e.message}</p>)}
        <Field label={t("fence.nameZh")} error={saidOfField(lang, error, "properties.name") ?? (tried && nameless ? t("form.required") : undefined)}>
          <input value={name.zh} maxLength={100} onChange={(e) => set({ name: { ...name, zh: e.target.value } })} />
        </Field>
        <Field label={t("fence.nameEn")}>
          <input value={name.en} maxLength={100} onChange={(e) => set({ name: { ...name, en: e.target.value } })} />
        </Field>
        <FenceRules
          rules={rules}
          set={(next) => set({ rules: next })}
          error={ruleError(error) ?? (tried && rules.length === 0 ? t("fence.noRule") : undefined)}
        />
        <Field label={t("fence.from")} error={saidOfField(lang, error, "properties.valid_from")}>
          <input type="datetime-local" value={toField(valid_from ?? "")} onChange={(e) => set({ valid_from: fromField(e.target.value) || null })} />
        </Field>
        <Field label={t("fence.to")} error={saidOfField(lang, error, "properties.valid_to") ?? (backwards ? t("form.endBeforeStart") : undefined)}>
          <input type="datetime-local" value={toField(valid_to ?? "")} onChange={(e) => set({ valid_to: fromField(e.target.value) || null })} />
        </Field>
        <button type="submit" className="main-button">{t("form.save")}</button>
      </form>
    </Panel>
  );
}

/** The server names a rule by its place: properties.rules[1].speed_kn. */
function ruleError(error: ApiError | null): string | undefined {
  const found = error?.problem.errors?.find((e) => e.field.startsWith("properties.rules"));
  return found && `${found.field.replace(/^properties\.rules/, "")} ${found.message}`;
}
