import type { Fence } from "../../../client/types.ts";
import { useWords } from "../../parts/common.tsx";
import { fenceName } from "../../parts/fence.ts";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import type { AskedArea } from "./asked.ts";

/** A fence that there is, or corners set on the map beside; or typed, for whoever has no mouse. */
export function AreaField({ label, area, fences, isDrawing, onDraw, onChange }: {
  label: string;
  area: AskedArea;
  fences: Fence[];
  isDrawing: boolean;
  onDraw: () => void;
  onChange: (area: AskedArea) => void;
}) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const typed = (text: string): void => {
    const corners = text.split(/\s+/).map((c) => c.split(",").map(Number)).filter((c) => c.length === 2 && c.every(Number.isFinite));
    onChange({ fence: "", corners: corners as [number, number][] });
  };
  return (
    <fieldset className="ask-area">
      <legend>{label}</legend>
      <label>
        {t("ask.fence")}
        <select value={area.fence} onChange={(e) => onChange({ fence: e.target.value, corners: [] })}>
          <option value="">{t("ask.drawn")}</option>
          {fences.map((f) => <option key={f.id} value={String(f.id)}>{fenceName(f, lang)}</option>)}
        </select>
      </label>
      {!area.fence && (
        <>
          <div className="buttons">
            <button type="button" aria-pressed={isDrawing} onClick={onDraw}>{t("ask.draw", { n: area.corners.length })}</button>
            <button type="button" disabled={!area.corners.length} onClick={() => onChange({ fence: "", corners: [] })}>{t("ask.clear")}</button>
          </div>
          <label>
            {t("ask.corners")}
            <input
              key={area.corners.length}
              defaultValue={area.corners.map((c) => c.map((v) => v.toFixed(5)).join(",")).join(" ")}
              placeholder="109.9,20.0 110.4,20.0 110.4,20.2"
              onBlur={(e) => typed(e.target.value)}
            />
          </label>
        </>
      )}
    </fieldset>
  );
}
