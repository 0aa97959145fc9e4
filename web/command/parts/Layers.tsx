import { CATEGORIES } from "../../client/category.ts";
import { CHART } from "../../map/palette.ts";
import type { LayerGroup } from "../../map/style.ts";
import { select } from "../state/actions.ts";
import { app } from "../state/app.ts";
import { useStore } from "../state/store.ts";
import { Check, Empty, Field, Panel, useWords } from "./common.tsx";

const GROUPS: LayerGroup[] = ["rings", "ports", "landings", "crossings", "fences", "grid"];

export function Layers() {
  const t = useWords();
  const { groups, tails, tailMinutes, names, vectorMinutes, hidden, palette, tiles, shownTiles } = useStore(app, (s) => s);
  const toggled = (list: string[], name: string): string[] =>
    list.includes(name) ? list.filter((n) => n !== name) : [...list, name];
  return (
    <Panel title={t("panel.layers")} onClose={() => select(null)}>
      <h3>{t("layers.targets")}</h3>
      <Field label={t("layers.vector", { n: vectorMinutes })}>
        <input type="range" min={0} max={30} step={1} value={vectorMinutes} onChange={(e) => app.set({ vectorMinutes: Number(e.target.value) })} />
      </Field>
      <Field label={t("layers.tail", { n: tailMinutes })}>
        <input type="range" min={2} max={60} step={2} value={tailMinutes} onChange={(e) => app.set({ tailMinutes: Number(e.target.value) })} />
      </Field>
      <Check label={t("layers.tails")} checked={tails} onChange={(v) => app.set({ tails: v })} />
      <Check label={t("layers.names")} checked={names} onChange={(v) => app.set({ names: v })} />
      <h3>{t("layers.types")}</h3>
      {CATEGORIES.map((c) => (
        <Check
          key={c}
          label={t(`category.${c}`)}
          swatch={`rgb(${CHART[palette].target[c].join(",")})`}
          checked={!hidden.includes(c)}
          onChange={() => app.set({ hidden: toggled(hidden, c) })}
        />
      ))}
      <h3>{t("layers.chart")}</h3>
      {GROUPS.map((g) => (
        <Check key={g} label={t(`group.${g}`)} checked={groups[g]} onChange={(v) => app.set({ groups: { ...groups, [g]: v } })} />
      ))}
      <h3>{t("layers.tiles")}</h3>
      {tiles.length === 0 && <Empty>{t("layers.noTiles")}</Empty>}
      {tiles.map((s) => (
        <Check key={s.name} label={s.name} checked={shownTiles.includes(s.name)} onChange={() => app.set({ shownTiles: toggled(shownTiles, s.name) })} />
      ))}
      <p className="note">{t("layers.disclaimer")}</p>
    </Panel>
  );
}
