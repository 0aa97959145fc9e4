import { useState } from "react";
import { changes, type Rule, type Setting, type SettingsVersion } from "../../../client/changes.ts";
import { useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { mine, offered } from "../../state/mine.ts";
import { useStore } from "../../state/store.ts";
import { Section } from "../kit/Section.tsx";
import { Answer } from "../kit/States.tsx";
import { Table, type Column } from "../kit/Table.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { namedBy } from "./difference.ts";
import { SettingDialog } from "./SettingDialog.tsx";
import { settingName, settingText } from "./settingText.ts";

/** What each rule judges by, and who changed it when. */
export function Settings() {
  const t = useWords();
  const all = useAsk(() => changes.rules(), []);
  return (
    <>
      <p className="note">{t("rules.note")}</p>
      <Answer of={all} isEmpty={(page) => page.items.length === 0} empty={t("change.none.fits")}>
        {(page) => page.items.map((rule) => <OneRule key={rule.rule} rule={rule} onDone={() => void all.reload()} />)}
      </Answer>
    </>
  );
}

function OneRule({ rule, onDone }: { rule: Rule; onDone: () => void }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const mayChange = offered(useStore(mine, (s) => s.mine), "settings.write").length > 0;
  const [open, setOpen] = useState<Setting | null>(null);
  const name = names("rule", rule.rule);
  const bounds = (s: Setting): string => {
    if (!s.adjustable) return t("rules.fixed");
    if (typeof s.published === "boolean") return `${t("rules.no")} – ${t("rules.yes")}`;
    const low = settingText(s, s.low, t);
    return s.high === null ? t("rules.or", { low }) : `${low} – ${settingText(s, s.high, t)}`;
  };
  const columns: Column<Setting>[] = [
    { key: "name", head: t("rules.setting"), isHead: true, cell: (s) => settingName(s, lang) },
    { key: "value", head: t("rules.value"), cell: (s) => settingText(s, s.value, t) },
    { key: "published", head: t("rules.published"), cell: (s) => settingText(s, s.published, t) },
    { key: "bounds", head: t("rules.bounds"), cell: bounds },
    { key: "lost", head: t("rules.lost"), cell: (s) => t(`rules.blinder.${s.blinder as "either"}`) },
  ];
  if (mayChange) {
    columns.push({
      key: "change",
      head: "",
      cell: (s) => s.adjustable && <button type="button" aria-label={t("rules.change", { name: settingName(s, lang) })} onClick={() => setOpen(s)}>{t("rules.save")}</button>,
    });
  }
  return (
    <Section title={`${name} · ${rule.profile} · ${t("rules.version", { n: rule.settings_version })}`}>
      <p>{rule.summary[lang]}</p>
      {rule.waiting && <p className="note">{t("rules.waits")}</p>}
      {!rule.settings_approved && <p className="note">{t("rules.approved.not")}</p>}
      <Table name={name} columns={columns} rows={rule.settings.filter((s) => typeof s.value !== "string")} keyOf={(s) => s.name} />
      <History rule={rule} />
      {open && <SettingDialog rule={rule} setting={open} onClose={() => setOpen(null)} onDone={onDone} />}
    </Section>
  );
}

function History({ rule }: { rule: Rule }) {
  const t = useWords();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details onToggle={(e) => setIsOpen(e.currentTarget.open)}>
      <summary>{t("rules.history")}</summary>
      {isOpen && <Versions rule={rule} />}
    </details>
  );
}

function Versions({ rule }: { rule: Rule }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const all = useAsk(() => changes.versions(rule.rule), [rule.rule, rule.settings_version]);
  const differs = (v: SettingsVersion): string =>
    v.differs.map((d) => `${settingName(d, lang)}${t.colon}${settingText(d, d.before, t)} → ${settingText(d, d.after, t)}`).join(t.semicolon);
  return (
    <Answer of={all}>
      {(page) => (
        <Table
          name={t("rules.history")}
          columns={[
            { key: "n", head: t("rules.version", { n: "" }), isHead: true, cell: (v) => v.version },
            { key: "how", head: t("rules.how"), cell: (v) => t(`rules.how.${v.how as "first"}`) },
            { key: "by", head: t("rules.by"), cell: (v) => namedBy(v.names, v.by) },
            { key: "at", head: t("change.state.made"), cell: (v) => <When at={v.at} /> },
            { key: "from", head: t("rules.from"), cell: (v) => (v.from ? <When at={v.from} /> : t("rules.fromNext")) },
            { key: "differs", head: t("change.differs"), isText: true, cell: differs },
            { key: "why", head: t("action.reason"), isText: true, cell: (v) => v.why },
          ]}
          rows={page.items}
          keyOf={(v) => String(v.version)}
        />
      )}
    </Answer>
  );
}
