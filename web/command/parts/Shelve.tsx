import { useState } from "react";
import { ApiError } from "../../client/http.ts";
import { load as api } from "../../client/load.ts";
import type { Alert } from "../../client/types.ts";
import { app, toast } from "../state/app.ts";
import { readLoad } from "../state/load.ts";
import { report } from "../state/report.ts";
import { saidOfField } from "../state/said.ts";
import { useStore } from "../state/store.ts";
import { Field, useWords } from "./common.tsx";

type What = "one" | "kind" | "vessel" | "fence";

const HOURS = [1, 4, 12, 24, 72, 168];
const CLASS_HOURS = 12;

/** What of an alert can be set aside: itself, all of its kind, or those of its vessel or its geofence. */
function choices(alert: Alert): What[] {
  const found: What[] = ["one", "kind"];
  if (alert.things.some((thing) => thing.mmsi)) found.push("vessel");
  if (alert.things.some((thing) => thing.ref.startsWith("area:"))) found.push("fence");
  return found;
}

/** Sets an alert, or a class of them, aside until a time. */
export function Shelve({ alert, onDone }: { alert: Alert; onDone: () => void }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const [what, setWhat] = useState<What>("one");
  const [hours, setHours] = useState(1);
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const save = async (): Promise<void> => {
    setTried(true);
    setError(null);
    if (!reason.trim()) return;
    const until = new Date(Date.now() + hours * 3_600_000).toISOString();
    const mmsi = alert.things.find((thing) => thing.mmsi)?.mmsi;
    const fence = alert.things.find((thing) => thing.ref.startsWith("area:"))?.ref.slice("area:".length);
    try {
      const made = what === "one"
        ? await api.shelve(alert.id, until, reason.trim())
        : await api.shelveClass({
            rule: alert.rule, kind: alert.kind, until, reason: reason.trim(),
            thing: what === "vessel" ? `mmsi:${mmsi}` : null, fence: what === "fence" ? fence! : null,
          });
      if ("state" in made) toast({ tone: "ok", text: t("change.waits"), remedy: t("change.waits.text") });
      else toast({ tone: "ok", text: t("shelf.made") });
      await readLoad();
      onDone();
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
      <Field label={t("shelf.what")}>
        <select
          value={what}
          onChange={(e) => {
            setWhat(e.target.value as What);
            if (e.target.value !== "one") setHours(Math.min(hours, CLASS_HOURS));
          }}
        >
          {choices(alert).map((w) => <option key={w} value={w}>{t(`shelf.what.${w}`)}</option>)}
        </select>
      </Field>
      {what !== "one" && <p className="note">{t("shelf.takesTwo")}</p>}
      <Field label={t("shelf.for")} error={saidOfField(lang, error, "until")}>
        <select value={hours} onChange={(e) => setHours(Number(e.target.value))}>
          {HOURS.filter((h) => what === "one" || h <= CLASS_HOURS).map((h) => <option key={h} value={h}>{t("shelf.hours", { h })}</option>)}
        </select>
      </Field>
      <Field label={t("action.reason")} error={saidOfField(lang, error, "reason") ?? (tried && !reason.trim() ? t("form.required") : undefined)}>
        <textarea autoFocus rows={2} value={reason} maxLength={1000} onChange={(e) => setReason(e.target.value)} />
      </Field>
      <button type="submit" className="main-button">{t("shelf.save")}</button>
    </form>
  );
}
