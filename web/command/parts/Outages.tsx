import { useEffect, useState } from "react";
import { api, ApiError } from "../../client/http.ts";
import type { Outage, OutageInput } from "../../client/types.ts";
import { select } from "../state/actions.ts";
import { app, toast } from "../state/app.ts";
import { report } from "../state/report.ts";
import { saidOfField } from "../state/said.ts";
import { loadOutages } from "../state/session.ts";
import { useStore } from "../state/store.ts";
import { fromField, toField } from "../state/time.ts";
import { Feeds, Receivers } from "./Sources.tsx";
import { Check, Empty, Field, IconButton, Panel, useWords } from "./common.tsx";

export function Outages() {
  const t = useWords();
  const outages = useStore(app, (s) => s.outages);
  useEffect(() => void loadOutages(), []); // others enter some too
  const now = useStore(app, (s) => s.health?.event_time);
  const remove = (id: string): void => void api.deleteOutage(id).then(loadOutages, report);
  const endNow = ({ id, start, reason, holds_alerts }: Outage): void => {
    if (now) void api.putOutage(id, { start, end: now, reason, holds_alerts }).then(loadOutages, report);
  };
  return (
    <Panel title={t("panel.outages")} onClose={() => select(null)}>
      <Receivers />
      <Feeds />
      <h3>{t("outage.new")}</h3>
      <p className="note">{t("outage.what")}</p>
      <OutageForm />
      <h3>{t("outage.list")}</h3>
      {outages.length === 0 && <Empty>{t("outage.none")}</Empty>}
      <ul className="cards">
        {outages.map((o) => (
          <li key={o.id}>
            <b>{o.receiver}</b>
            <span>{o.start.slice(0, 16).replace("T", " ")} – {o.end.slice(0, 16).replace("T", " ")} UTC · {o.reason}</span>
            {!o.holds_alerts && <span className="tag">{t(o.waiting ? "outage.isWaiting" : "outage.isNote")}</span>}
            {now && o.start < now && now < o.end && <button type="button" onClick={() => endNow(o)}>{t("outage.early")}</button>}
            <IconButton icon="delete" label={t("outage.delete", { name: o.receiver })} onClick={() => remove(o.id)} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function OutageForm() {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const health = useStore(app, (s) => s.health);
  const now = health?.event_time ?? new Date().toISOString();
  const [outage, setOutage] = useState<OutageInput>(() => ({
    receiver: "",
    start: fromField(toField(now)),
    end: fromField(toField(new Date(Date.parse(now) + 2 * 3_600_000).toISOString())),
    reason: "",
    holds_alerts: true,
  }));
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const backwards = outage.end <= outage.start;
  const missing = (v: string): string | undefined => (tried && !v.trim() ? t("form.required") : undefined);
  const save = async (): Promise<void> => {
    setTried(true);
    setError(null);
    if (!outage.receiver || !outage.reason.trim() || !outage.start || !outage.end || backwards) return;
    try {
      if ("state" in (await api.addOutage(outage))) toast({ tone: "ok", text: t("change.waits"), remedy: t("change.waits.text") });
      await loadOutages();
      setOutage({ ...outage, reason: "" });
      setTried(false);
    } catch (e) {
      if (e instanceof ApiError && e.problem.errors?.length) setError(e);
      else report(e);
    }
  };
  return (
    <form
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        void save();
      }}
    >
      <Field label={t("outage.receiver")} error={saidOfField(lang, error, "receiver") ?? missing(outage.receiver)}>
        <select value={outage.receiver} onChange={(e) => setOutage({ ...outage, receiver: e.target.value })}>
          <option value="">{t("outage.choose")}</option>
          {health?.receivers.map((r) => <option key={r.name}>{r.name}</option>)}
        </select>
      </Field>
      <Field label={t("outage.start")} error={saidOfField(lang, error, "start") ?? missing(outage.start)}>
        <input type="datetime-local" value={toField(outage.start)} onChange={(e) => setOutage({ ...outage, start: fromField(e.target.value) })} />
      </Field>
      <Field label={t("outage.end")} error={saidOfField(lang, error, "end") ?? (backwards ? t("form.endBeforeStart") : missing(outage.end))}>
        <input type="datetime-local" value={toField(outage.end)} onChange={(e) => setOutage({ ...outage, end: fromField(e.target.value) })} />
      </Field>
      <Field label={t("outage.reason")} error={saidOfField(lang, error, "reason") ?? missing(outage.reason)}>
        <input value={outage.reason} maxLength={500} onChange={(e) => setOutage({ ...outage, reason: e.target.value })} />
      </Field>
      <Check label={t("outage.holds")} checked={outage.holds_alerts} onChange={(holds_alerts) => setOutage({ ...outage, holds_alerts })} />
      <button type="submit" className="main-button">{t("form.save")}</button>
    </form>
  );
}
