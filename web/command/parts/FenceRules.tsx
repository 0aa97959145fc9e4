import type { FenceRule, FenceRuleKind, Priority } from "../../client/types.ts";
import { newRule, RULE_KINDS } from "./fence.ts";
import { Check, Field, useWords } from "./common.tsx";

function Settings({ rule, set }: { rule: FenceRule; set: (patch: Partial<FenceRule>) => void }) {
  const t = useWords();
  const number = (label: string, value: number, step: number, change: (v: number) => Partial<FenceRule>) => (
    <Field label={label}>
      <input type="number" min={0} step={step} value={value} onChange={(e) => set(change(e.target.valueAsNumber || 0))} />
    </Field>
  );
  return (
    <div className="rule-settings">
      {rule.speed_kn != null && number(t("fence.speed"), rule.speed_kn, 0.5, (speed_kn) => ({ speed_kn }))}
      {rule.stay_s != null && number(t("fence.stay"), rule.stay_s / 60, 1, (v) => ({ stay_s: v * 60 }))}
      {rule.season_from != null && (
        <>
          <Field label={t("fence.seasonFrom")}>
            <input value={rule.season_from} pattern="\d\d-\d\dT\d\d:\d\d" onChange={(e) => set({ season_from: e.target.value })} />
          </Field>
          <Field label={t("fence.seasonTo")}>
            <input value={rule.season_to ?? ""} pattern="\d\d-\d\dT\d\d:\d\d" onChange={(e) => set({ season_to: e.target.value })} />
          </Field>
        </>
      )}
      <Field label={t("fence.priority")}>
        <select value={rule.priority} onChange={(e) => set({ priority: Number(e.target.value) as Priority })}>
          {([1, 2, 3, 4] as const).map((p) => <option key={p} value={p}>{t(`priority.${p}`)}</option>)}
        </select>
      </Field>
    </div>
  );
}

/** One rule of each kind at most: what more a fence came with is kept as it is. */
export function FenceRules({ rules, set, error }: { rules: FenceRule[]; set: (rules: FenceRule[]) => void; error?: string }) {
  const t = useWords();
  const at = (kind: FenceRuleKind): number => rules.findIndex((r) => r.kind === kind);
  const toggle = (kind: FenceRuleKind, on: boolean): void =>
    set(on ? [...rules, newRule(kind)] : rules.filter((r) => r.kind !== kind));
  return (
    <fieldset>
      <legend>{t("fence.rules")}</legend>
      {RULE_KINDS.map((kind) => {
        const i = at(kind);
        return (
          <div key={kind}>
            <Check label={t(`rule_kind.${kind}`)} checked={i >= 0} onChange={(on) => toggle(kind, on)} />
            {i >= 0 && <Settings rule={rules[i]!} set={(patch) => set(rules.map((r, k) => (k === i ? { ...r, ...patch } : r)))} />}
          </div>
        );
      })}
      {error && <p className="note bad" role="alert">{error}</p>}
    </fieldset>
  );
}
