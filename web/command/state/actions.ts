import { api } from "../../client/http.ts";
import type { Action, Alert } from "../../client/types.ts";
import type { Position } from "../../map/position.ts";
import { wordsOf } from "../../words/index.ts";
import { filterAlerts, NO_FILTER, unanswered } from "./alertList.ts";
import { app, eventNow, toast, type Selection, type Tool } from "./app.ts";
import { chart } from "./chartHost.ts";
import { live } from "./live.ts";
import { report } from "./report.ts";
import { takeAlerts } from "./session.ts";

export function select(selection: Selection): void {
  app.set({ selection, vessel: null });
  chart.current?.redraw();
}

export function goTo(at: Position, zoom?: number): void {
  chart.current?.goTo(at, zoom);
}

const PANEL_REM = 26; // as wide as css/panels.css makes it, with its margins

export function coveredPx(): number {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return app.get().selection ? PANEL_REM * rem : 0;
}

export function selectAlert(alert: Alert): void {
  select({ kind: "alert", id: alert.id });
  if (alert.lon !== null && alert.lat !== null) goTo({ lon: alert.lon, lat: alert.lat }, 9);
}

export async function selectTrack(track: number): Promise<void> {
  const [vessel] = await live.describe([track]);
  if (!vessel) return;
  app.set({ selection: { kind: "vessel", id: vessel.id }, vessel });
  chart.current?.redraw();
}

export function setTool(tool: Tool): void {
  app.set({ tool: app.get().tool === tool ? "none" : tool, cpa: { a: null, b: null } });
  chart.current?.redraw();
}

/** Sends the action and takes the alert as the server now has it. False: it did not work. */
export async function act(alert: Alert, action: Action, reason: string | null, to: string | null): Promise<boolean> {
  const t = wordsOf(app.get().lang);
  try {
    const done = await api.act(alert.id, action, reason, to);
    if ("proposed_by" in done) {
      toast({ tone: "ok", text: t("change.waits"), remedy: t("done.dismiss.waits") });
      return true;
    }
    takeAlerts([done], false);
  } catch (error) {
    report(error);
    return false;
  }
  if (action === "acknowledge" || action === "dismiss" || action === "hand_on") {
    toast({
      tone: "ok",
      text: t(`done.${action}`),
      action: { label: t("action.undo"), run: () => void act(alert, "undo", null, null) },
    });
  }
  return true;
}

export function nextAlert(step: 1 | -1): void {
  const s = app.get();
  const list = filterAlerts(s.alerts.values(), NO_FILTER, s.lang, eventNow()).filter((a) => unanswered(a, eventNow()));
  if (list.length === 0) return;
  const id = s.selection?.kind === "alert" ? s.selection.id : null;
  const at = list.findIndex((a) => a.id === id);
  const next = at < 0 ? 0 : (at + step + list.length) % list.length;
  selectAlert(list[next]!);
}

export function acknowledgeSelected(): void {
  const s = app.get();
  const alert = s.selection?.kind === "alert" ? s.alerts.get(s.selection.id) : undefined;
  if (alert && alert.handling === "new") void act(alert, "acknowledge", null, null);
}
