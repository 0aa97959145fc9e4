import type {
  Action, ActionBody, Alert, AlertDetail, Change, Evidence, Fence, FenceInput, Health, Me, MyPages, Outage, OutageInput, Page, Priority,
  PastPosition, Problem, SearchHit, Settings, TileSet, Track,
} from "./types.ts";
import { uuid7 } from "./uuid7.ts";

export const ROOT = "/api/v1";
/** Told to the window when the server no longer knows who asks. */
export const SIGNED_OUT = "littoral-signed-out";

/** The server said no (problem details) or could not be reached (status 0). */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
  }

  /** What is wrong with one field of a form, or with a part of it, if the server named it. */
  field(name: string): string | undefined {
    const found = this.problem.errors?.find((e) => e.field === name || e.field.startsWith(`${name}.`));
    return found?.message;
  }
}

/** How much the server's clock is ahead of this one, in ms: what ends at a time ends by the server's. */
let aheadMs = 0;

export const serverNow = (): number => Date.now() + aheadMs;

function heed(response: Response): void {
  const said = Date.parse(response.headers.get("date") ?? "");
  if (Number.isNaN(said)) return;
  const off = said - Date.now();
  aheadMs = Math.abs(off) > 2000 ? off : 0; // the header has whole seconds, and the way takes its time
}

/** What the server said to a request that it did not do. */
export function problemOf(json: unknown, status: number, text: string): Problem {
  if (status === 401) dispatchEvent(new Event(SIGNED_OUT));
  const problem = (json ?? {}) as Partial<Problem>;
  return { ...problem, title: problem.title ?? text, status };
}

/** For browsers without `AbortSignal.timeout` too: web views of phones are old. */
export function within(ms: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), ms);
  return controller.signal;
}

async function send(method: string, path: string, body?: unknown, tag = "", withinMs = 0): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(ROOT + path, {
      method,
      headers: {
        ...(method === "GET" ? {} : { "x-littoral-request": "1" }), // a page of another origin cannot send it
        ...(body === undefined ? {} : { "content-type": body instanceof Blob ? "application/octet-stream" : "application/json" }),
        ...(tag ? { "if-none-match": tag } : {}),
      },
      body: body === undefined || body instanceof Blob ? body : JSON.stringify(body),
      signal: withinMs ? within(withinMs) : null,
    });
  } catch {
    throw new ApiError({ title: "unreachable", status: 0 });
  }
  heed(response);
  return response;
}

async function read<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T;
  const type = response.headers.get("content-type") ?? "";
  let json: unknown = null;
  try {
    if (type.includes("json")) json = await response.json();
  } catch {
    throw new ApiError({ title: "unreachable", status: 0 }); // cut off in the middle
  }
  if (!response.ok) throw new ApiError(problemOf(json, response.status, response.statusText));
  return json as T;
}

/** Throws ApiError; where `withinMs` is given, also when the whole answer is not there in that time. */
export async function call<T>(method: string, path: string, body?: unknown, withinMs = 0): Promise<T> {
  return read<T>(await send(method, path, body, "", withinMs));
}

/** What was shown last, and the server's tag of it. */
export interface Known<T> {
  tag: string;
  data: T | null;
}

/** What is as it was is not shown again, so it is not in the log again. */
export async function again<T>(path: string, known: Known<T>): Promise<T> {
  const response = await send("GET", path, undefined, known.data === null ? "" : known.tag);
  if (response.status === 304 && known.data !== null) return known.data;
  known.data = await read<T>(response);
  known.tag = response.headers.get("etag") ?? "";
  return known.data;
}

export function query(values: Record<string, string | number | boolean | undefined>): string {
  const pairs = Object.entries(values).filter(([, v]) => v !== undefined && v !== "");
  return pairs.length ? `?${new URLSearchParams(pairs.map(([k, v]) => [k, String(v)])).toString()}` : "";
}

export const api = {
  health: () => call<Health>("GET", "/health"),
  settings: () => call<Settings>("GET", "/settings"),
  areas: () => call<GeoJSON.FeatureCollection>("GET", "/areas"),
  regionLand: () => call<GeoJSON.FeatureCollection>("GET", "/map/region.geojson"),
  tiles: () => call<Page<TileSet>>("GET", "/map/tiles"),
  search: (q: string) => call<Page<SearchHit>>("GET", `/search${query({ q, limit: 12 })}`),
  track: (id: string) => call<Track>("GET", `/tracks/${encodeURIComponent(id)}`),
  positions: (id: string, from: string, limit = 10_000) =>
    call<Page<PastPosition>>("GET", `/tracks/${encodeURIComponent(id)}/positions${query({ from, limit })}`),
  /** Without a priority all that are more than noted. */
  alerts: (cursor?: string, priority?: Priority, limit = 200) =>
    call<Page<Alert>>("GET", `/alerts${query({ cursor, priority, limit })}`),
  alert: (id: string) => call<AlertDetail>("GET", `/alerts/${id}`),
  evidence: (id: string) => call<Evidence>("GET", `/alerts/${id}/evidence`),
  /** The id makes the action once, however often it is sent. To dismiss an alert of distress waits for a second person. */
  act: (alert: string, action: Action, reason: string | null = null, to: string | null = null) => {
    const body: ActionBody = { id: uuid7(), action, reason, to };
    return call<Alert | Change>("POST", `/alerts/${alert}/actions`, body);
  },
  fences: () => call<Page<Fence>>("GET", "/geofences"),
  addFence: (fence: FenceInput) => call<Fence>("POST", "/geofences", fence),
  /** A change by which the watch gets blinder needs `why`, and waits for a second person. */
  putFence: (fence: FenceInput, why?: string) =>
    call<Fence | Change>("PUT", `/geofences/${fence.id}${query({ why })}`, fence),
  deleteFence: (id: string, why?: string) => call<Change | undefined>("DELETE", `/geofences/${id}${query({ why })}`),
  ways: () => call<{ password: boolean; passkey: boolean; providers: string[] }>("GET", "/signin"),
  me: () => call<Me>("GET", "/me"),
  pages: () => call<MyPages>("GET", "/me/pages"),
  signIn: (login: string, password: string, code: string) => call<Me>("POST", "/session", { login, password, code }),
  signOut: () => call<void>("DELETE", "/session"),
  firstStart: (token: string, login: string, name: string, password: string, language: string) =>
    call<Me>("POST", "/first-start", { token, login, name, password, language }),
  accept: (token: string, password: string) => call<Me>("POST", "/invitations/accept", { token, password }),
  outages: () => call<Page<Outage>>("GET", "/outages"),
  /** One that holds alerts back waits for a second person where people sign in: the answer is the change. */
  addOutage: (outage: OutageInput) => call<Outage | Change>("POST", "/outages", { id: uuid7(), ...outage }),
  putOutage: (id: string, outage: Omit<OutageInput, "receiver">) => call<Outage | Change>("PUT", `/outages/${id}`, outage),
  deleteOutage: (id: string) => call<void>("DELETE", `/outages/${id}`),
};
