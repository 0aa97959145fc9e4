import { MILE_M } from "../../map/geo.ts";
import { setTool } from "../state/actions.ts";
import { app, tick } from "../state/app.ts";
import { measured, over } from "../state/overlay.ts";
import { useStore } from "../state/store.ts";
import { IconButton, useWords } from "./common.tsx";

function CpaReadout() {
  const t = useWords();
  useStore(tick, (s) => s.n);
  const { a, b } = useStore(app, (s) => s.cpa);
  if (a === null) return <p>{t("cpa.pickFirst")}</p>;
  if (b === null) return <p>{t("cpa.pickSecond")}</p>;
  if (!over.cpa) return <p>{t("cpa.noMotion")}</p>;
  const { cpaM, tcpaS, rangeM } = over.cpa.cpa;
  return (
    <dl className="cpa">
      <div><dt>CPA</dt><dd>{(cpaM / MILE_M).toFixed(2)} nm</dd></div>
      <div><dt>TCPA</dt><dd>{tcpaS < 0 ? t("cpa.opening") : `${(tcpaS / 60).toFixed(1)} min`}</dd></div>
      <div><dt>{t("cpa.range")}</dt><dd>{(rangeM / MILE_M).toFixed(2)} nm</dd></div>
    </dl>
  );
}

function MeasureReadout() {
  const t = useWords();
  const text = useStore(measured, (s) => s.text);
  return text === null ? <p>{t("measure.how")}</p> : <output>{text}</output>;
}

export function ToolReadout() {
  const t = useWords();
  const tool = useStore(app, (s) => s.tool);
  if (tool === "none") return null;
  return (
    <div className="readout" role="status">
      <b>{t(tool === "measure" ? "key.measure" : "key.cpa")}</b>
      {tool === "measure" ? <MeasureReadout /> : <CpaReadout />}
      <IconButton icon="close" label={t("panel.close")} hint="Esc" onClick={() => setTool("none")} />
    </div>
  );
}
