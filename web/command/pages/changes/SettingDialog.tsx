import { useState } from "react";
import { changes, type Rule, type Setting } from "../../../client/changes.ts";
import { Check, Field, useWords } from "../../parts/common.tsx";
import { app, toast } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import { settingText, short, typedIn } from "./settingText.ts";

/** One setting of a rule, typed in the unit in which it is read. */
export function SettingDialog({ rule, setting, onClose, onDone }: { rule: Rule; setting: Setting; onClose: () => void; onDone: () => void }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const { unit, factor } = typedIn(setting.unit);
  const typed = (own: number | null | undefined): number | undefined => (own === null || own === undefined ? undefined : factor === 1 ? own : Number(short(own / factor)));
  const [text, setText] = useState(setting.value === null ? "" : typeof setting.value === "number" ? String(typed(setting.value)) : String(setting.value));
  const [why, setWhy] = useState("");
  const isTruth = typeof setting.published === "boolean";
  const value = isTruth ? text === "true" : text.trim() === "" ? null : Number(text) * factor;
  const work = async (): Promise<void> => {
    const answer = await changes.set(rule.rule, rule.settings_version, { [setting.name]: value }, why.trim());
    if ("state" in answer) toast({ tone: "ok", text: t("change.waits"), remedy: t("change.waits.text") });
    else toast({ tone: "ok", text: t("rules.did") });
    onDone();
  };
  return (
    <FormDialog title={t("rules.change", { name: setting[lang] })} submit={t("rules.save")} work={work} onClose={onClose}>
      <p>{t("rules.value")}{t.colon}{settingText(setting, setting.value, t)}</p>
      {isTruth ? (
        <Check label={setting[lang]} checked={text === "true"} onChange={(on) => setText(String(on))} />
      ) : (
        <Field label={unit ? t("rules.valueIn", { unit }) : t("rules.newValue")}>
          <input type="number" step="any" value={text} min={typed(setting.low)} max={typed(setting.high)} required={setting.high !== null} onChange={(e) => setText(e.target.value)} />
        </Field>
      )}
      {typeof value === "number" && !Number.isNaN(value) && settingText(setting, value, t) !== `${text} ${unit}`.trim() && <p className="note">= {settingText(setting, value, t)}</p>}
      <p className="note">{t("rules.lost")}{t.colon}{t(`rules.blinder.${setting.blinder as "either"}`)}</p>
      <Field label={t("rules.why")}>
        <input value={why} maxLength={1000} autoComplete="off" onChange={(e) => setWhy(e.target.value)} />
      </Field>
    </FormDialog>
  );
}
