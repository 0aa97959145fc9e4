import { useState } from "react";
import { ApiError } from "../../client/http.ts";
import { watchList as api, type ListedInput } from "../../client/watchList.ts";
import { app, toast } from "../state/app.ts";
import { report } from "../state/report.ts";
import { saidOfField } from "../state/said.ts";
import { useStore } from "../state/store.ts";
import { loadWatchList } from "../state/watchList.ts";
import { Field, useWords } from "./common.tsx";

export type Which = Pick<ListedInput, "mmsi" | "imo" | "name">;

const DAYS = [1, 7, 30, 90];
const DAY_MS = 86_400_000;

/** Just before it, so that the longest stays within its bound when the clocks differ by a little. */
export const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS - 60_000).toISOString();

/** Puts a vessel on the watch-list: the one that is given, or one by number or name. */
export function ListVessel({ vessel, onDone }: { vessel?: Which; onDone?: () => void }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const [which, setWhich] = useState({ mmsi: "", imo: "", name: "" });
  const [days, setDays] = useState(30);
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const nothing = !vessel && !which.mmsi.trim() && !which.imo.trim() && !which.name.trim();
  const typed = (): Which => ({
    mmsi: which.mmsi.trim() ? Number(which.mmsi) : null, imo: which.imo.trim() ? Number(which.imo) : null, name: which.name.trim() || null,
  });
  const save = async (): Promise<void> => {
    setTried(true);
    setError(null);
    if (!reason.trim() || nothing) return;
    try {
      await api.add({ ...(vessel ?? typed()), until: inDays(days), reason: reason.trim() });
      toast({ tone: "ok", text: t("watched.made") });
      setReason("");
      setWhich({ mmsi: "", imo: "", name: "" });
      setTried(false);
      await loadWatchList();
      onDone?.();
    } catch (e) {
      if (e instanceof ApiError && e.problem.errors?.length) setError(e);
      else report(e);
    }
  };
  const input = (name: "mmsi" | "imo" | "name", label: string) => (
    <Field label={label} error={saidOfField(lang, error, name) ?? (tried && nothing && name === "mmsi" ? t("watched.which") : undefined)}>
      <input value={which[name]} maxLength={20} inputMode={name === "name" ? "text" : "numeric"} onChange={(e) => setWhich({ ...which, [name]: e.target.value })} />
    </Field>
  );
  return (
    <form
      noValidate
      aria-label={t("watched.new")}
      onSubmit={(e) => {
        e.preventDefault();
        void save();
      }}
    >
      {!vessel && input("mmsi", "MMSI")}
      {!vessel && input("imo", "IMO")}
      {!vessel && input("name", t("watched.name"))}
      <Field label={t("watched.for")} error={saidOfField(lang, error, "until")}>
        <select value={days} onChange={(e) => setDays(Number(e.target.value))}>
          {DAYS.map((d) => <option key={d} value={d}>{t("watched.days", { d })}</option>)}
        </select>
      </Field>
      <Field label={t("action.reason")} error={saidOfField(lang, error, "reason") ?? (tried && !reason.trim() ? t("form.required") : undefined)}>
        <textarea autoFocus={vessel !== undefined} rows={2} value={reason} maxLength={1000} onChange={(e) => setReason(e.target.value)} />
      </Field>
      <button type="submit" className="main-button">{t("watched.save")}</button>
    </form>
  );
}
