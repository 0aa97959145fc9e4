import { api, ApiError } from "../../client/http.ts";
import type { News } from "../../client/live.protocol.ts";
import { NOTED, type Alert, type Priority } from "../../client/types.ts";
import { wordsOf } from "../../words/index.ts";
import { untilLoaded, type Part } from "./again.ts";
import { calls, unanswered } from "./alertList.ts";
import { app, eventNow, tick, type AppState } from "./app.ts";
import { chart } from "./chartHost.ts";
import { takeContacts } from "./contacts.ts";
import { live } from "./live.ts";
import { tell } from "./matters.ts";
import { forgetNames } from "./overlay.ts";
import { pictureOptions } from "./pictureOptions.ts";
import { report } from "./report.ts";
import { sounder } from "./sound.ts";

/** No frame for so long: the picture is called stale. The stream sends one a second. */
const STALE_MS = 5_000;
/** A picture that is later than this does not hold up the clocks and ages: they go on without it. */
const LATE_MS = 1_200;
const MOST_ALERTS = 5_000;

/** After a break the server may have been restarted with other fences and outages. */
let wasCut = false;

/** Takes in what came together as one change of the page. */
function onNews(news: News[]): void {
  const patch: Partial<AppState> = {};
  for (const one of news) Object.assign(patch, take(one));
  if (Object.keys(patch).length) app.set(patch);
  if (news.some((one) => one.is === "picture")) beat(LATE_MS);
  for (const one of news) if (one.is === "alerts") takeAlerts(one.rows, true);
}

/** Does what is to be done at once, and gives what changes of the page's state. */
function take(one: News): Partial<AppState> {
  switch (one.is) {
    case "picture": {
      performance.mark("littoral-update"); // the bench cuts its trace here
      const free = chart.current?.setPicture(one.picture);
      if (free) live.reuse(free);
      const { total, n, beacons, totalBeacons } = one.picture;
      return { frameAt: Date.now(), stale: false, vesselCount: total, shownCount: n - beacons, beaconCount: totalBeacons };
    }
    case "tail":
      chart.current?.pushTail(one.segments, one.reset);
      return {};
    case "health":
      return { health: one.health, healthAt: one.atMs };
    case "geofences":
      void loadFences();
      return {};
    case "link":
      if (one.link === "open" && wasCut) void Promise.all([loadFences(), loadOutages()]);
      wasCut ||= one.link === "waiting";
      if (one.broken) report(new Error(one.broken));
      return { link: one.link, retryAt: one.link === "waiting" ? Date.now() + one.retryMs : 0 };
    case "incidents":
      tell("incidents", one.rows);
      return {};
    case "tasks":
      tell("tasks", one.rows);
      return {};
    case "contacts":
      takeContacts(one.rows);
      return {};
    case "reset":
      forgetNames();
      return {};
    case "alerts":
    case "answer":
      return {};
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
    const isHeard = isLive && s.health?.mode !== "history" && calls(row, eventMs);
    if (isHeard && (!old || row.priority < old.priority || !calls(old, eventMs))) {
      arrived.set(row.id, now);
      if (!loudest || row.priority < loudest.priority) loudest = row;
    }
  }
  for (const [id, at] of arrived) if (now - at > 10_000) arrived.delete(id);
  if (alerts.size > MOST_ALERTS) {
    const oldest = [...alerts.values()].filter((a) => !unanswered(a, eventMs)).sort((a, b) => a.seq - b.seq);
    for (const a of oldest.slice(0, alerts.size - MOST_ALERTS)) alerts.delete(a.id);
  }
  const t = wordsOf(s.lang);
  const announce = loudest && {
    text: `${t(`priority.${loudest.priority}`)}${t.colon}${loudest.sentence[s.lang]}`,
    urgent: loudest.priority <= 2,
  };
  app.set({ alerts, arrived, ...(announce && { announce }) });
  chart.current?.redraw();
  if (loudest) sounder.play(loudest.priority);
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

/** The newest of what is only noted, which the list gives to whom asks for it. */
export async function loadNoted(): Promise<void> {
  try {
    takeAlerts((await api.alerts(undefined, NOTED)).items, false);
  } catch (error) {
    report(error);
  }
}

/** Starts once. Comes back every few seconds while the server does not answer. */
export async function start(): Promise<void> {
  beat(1000);
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
  live.listen(onNews);
  live.open(seq, pictureOptions());
}

let nextBeat: ReturnType<typeof setTimeout> | undefined;

/** What is done each second; the next in `waitMs` if no picture comes before. */
function beat(waitMs: number): void {
  clearTimeout(nextBeat);
  nextBeat = setTimeout(() => beat(1000), waitMs);
  const s = app.get();
  const stale = s.frameAt > 0 && Date.now() - s.frameAt > STALE_MS;
  if (stale !== s.stale) app.set({ stale });
  tick.set({ n: tick.get().n + 1, atMs: Date.now() });
  if (s.health?.mode === "history") return; // the past does not sound
  const eventMs = eventNow();
  let loudest: Priority | null = null;
  for (const a of s.alerts.values()) {
    if (a.phase === "ongoing" && calls(a, eventMs) && (loudest === null || a.priority < loudest)) loudest = a.priority;
  }
  sounder.remind(loudest);
}
