import { api, ApiError } from "../../client/http.ts";
import { CATEGORIES } from "../../client/category.ts";
import type { FromWorker } from "../../client/live.protocol.ts";
import type { PictureOptions } from "../../client/picture.ts";
import type { Alert, Priority } from "../../client/types.ts";
import { DEFAULT_CENTER, TAIL_STEPS } from "../../map/chart.ts";
import { CHART } from "../../map/palette.ts";
import { wordsOf } from "../../words/index.ts";
import { untilLoaded, type Part } from "./again.ts";
import { unanswered } from "./alertList.ts";
import { app, eventNow, tick } from "./app.ts";
import { chart } from "./chartHost.ts";
import { live } from "./live.ts";
import { forgetNames } from "./overlay.ts";
import { report } from "./report.ts";
import { sounder } from "./sound.ts";

/** No frame for so long: the picture is called stale. The stream sends one a second. */
const STALE_MS = 5_000;
/** A target is faded when its last report is older (IEC 62288 calls it lost after minutes too). */
const TARGET_STALE_MS = 6 * 60_000;
const MOST_ALERTS = 5_000;

export function pictureOptions(): PictureOptions {
  const s = app.get();
  const target = CHART[s.palette].target;
  return {
    vectorMinutes: s.vectorMinutes,
    colors: CATEGORIES.map((c) => target[c]),
    anchor: s.settings?.center ?? DEFAULT_CENTER,
    staleMs: TARGET_STALE_MS,
    tailStepMs: (s.tailMinutes * 60_000) / TAIL_STEPS,
    hidden: CATEGORIES.map((c) => s.hidden.includes(c)),
  };
}

/** After a break the server may have been restarted with other fences and outages. */
let wasCut = false;

function onMessage(message: FromWorker): void {
  switch (message.is) {
    case "picture": {
      performance.mark("littoral-update"); // the bench cuts its trace here
      const free = chart.current?.setPicture(message.picture);
      if (free) live.reuse(free);
      app.set({ frameAt: Date.now(), stale: false, vesselCount: message.picture.total, shownCount: message.picture.n });
      tick.set({ n: tick.get().n + 1 });
      break;
    }
    case "tail":
      chart.current?.pushTail(message.segments, message.reset);
      break;
    case "alerts":
      takeAlerts(message.rows, true);
      break;
    case "health":
      app.set({ health: message.health, healthAt: Date.now() });
      break;
    case "geofences":
      void loadFences();
      break;
    case "link":
      if (message.link === "open" && wasCut) void Promise.all([loadFences(), loadOutages()]);
      wasCut ||= message.link === "waiting";
      app.set({ link: message.link, retryAt: message.link === "waiting" ? Date.now() + message.retryMs : 0 });
      if (message.broken) report(new Error(message.broken));
      break;
    case "reset":
      forgetNames();
      break;
    case "answer":
  }
}

export function takeAlerts(rows: Alert[], isLive: boolean): void {
  const s = app.get();
  const alerts = new Map(s.alerts);
  const arrived = new Map(s.arrived);
  const now = Date.now();
  const eventMs = eventNow();
  let loudest: Alert | null = null;
  for (const row of rows) {
    const old = alerts.get(row.id);
    if (old && old.seq > row.seq) continue;
    alerts.set(row.id, row);
    const calls = isLive && s.health?.mode !== "history" && unanswered(row, eventMs);
    if (calls && (!old || row.priority < old.priority || !unanswered(old, eventMs))) {
      arrived.set(row.id, now);
      if (!loudest || row.priority < loudest.priority) loudest = row;
    }
  }
  for (const [id, at] of arrived) if (now - at > 10_000) arrived.delete(id);
  if (alerts.size > MOST_ALERTS) {
    const oldest = [...alerts.values()].filter((a) => !unanswered(a, eventMs)).sort((a, b) => a.seq - b.seq);
    for (const a of oldest.slice(0, alerts.size - MOST_ALERTS)) alerts.delete(a.id);
  }
  app.set({ alerts, arrived });
  chart.current?.redraw();
  if (loudest) {
    sounder.play(loudest.priority);
    const t = wordsOf(s.lang);
    app.set({
      announce: {
        text: `${t(`priority.${loudest.priority}`)}: ${loudest.sentence[s.lang]}`,
        urgent: loudest.priority <= 2,
      },
    });
  }
}

/** Until it has come; what will not come is said once. */
async function keepLoading(part: Part, load: () => Promise<void>): Promise<void> {
  const told = (which: Part, isMissing: boolean): void => {
    const others = app.get().missing.filter((p) => p !== which);
    if (isMissing || others.length < app.get().missing.length) app.set({ missing: isMissing ? [...others, which] : others });
  };
  const isMissing = (which: Part): boolean => app.get().missing.includes(which);
  try {
    await untilLoaded(part, load, { told, isMissing, isFinal });
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 403) return; // not every role sees it
    report(error);
  }
}

/** 4xx: asked the same way it will answer the same. */
function isFinal(error: unknown): boolean {
  return error instanceof ApiError && error.problem.status >= 400 && error.problem.status < 500;
}

export function loadFences(): Promise<void> {
  return keepLoading("fences", async () => app.set({ fences: (await api.fences()).items }));
}

export function loadOutages(): Promise<void> {
  return keepLoading("outages", async () => app.set({ outages: (await api.outages()).items }));
}

async function loadAlerts(): Promise<number> {
  let seq = 0;
  let cursor: string | undefined;
  let count = 0;
  do {
    const page = await api.alerts(cursor);
    takeAlerts(page.items, false);
    for (const a of page.items) seq = Math.max(seq, a.seq);
    count += page.items.length;
    cursor = page.next_cursor ?? undefined;
  } while (cursor && count < 2000);
  app.set({ alertsLoaded: true });
  return seq;
}

/** Starts once. Comes back every few seconds while the server does not answer. */
export async function start(): Promise<void> {
  setInterval(everySecond, 1000);
  for (let wait = 500; ; wait = Math.min(8000, 2 * wait)) {
    try {
      app.set({ settings: await api.settings(), health: await api.health(), healthAt: Date.now(), unreachable: false });
      break;
    } catch (error) {
      if (error instanceof ApiError && error.problem.status === 403) return app.set({ denied: error.problem.reason ?? null });
      if (error instanceof ApiError && error.problem.status === 0) app.set({ unreachable: true });
      else if (wait === 500) report(error);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  // None of these holds back the live picture: what does not come is asked for again beside it.
  void loadFences();
  void loadOutages();
  void keepLoading("areas", async () => chart.current?.setSource("areas", await api.areas()));
  void keepLoading("land", async () => chart.current?.setRegion(await api.regionLand()));
  void keepLoading("tiles", async () => app.set({ tiles: (await api.tiles()).items }));
  const seq = await loadAlerts().catch((error: unknown) => (report(error), 0));
  live.listen(onMessage);
  live.open(seq, pictureOptions());
}

function everySecond(): void {
  const s = app.get();
  const stale = s.frameAt > 0 && Date.now() - s.frameAt > STALE_MS;
  if (stale !== s.stale) app.set({ stale });
  if (s.health?.mode === "history") return; // the past does not sound
  const eventMs = eventNow();
  let loudest: Priority | null = null;
  for (const a of s.alerts.values()) {
    if (a.phase === "ongoing" && unanswered(a, eventMs) && (loudest === null || a.priority < loudest)) loudest = a.priority;
  }
  sounder.remind(loudest);
}
