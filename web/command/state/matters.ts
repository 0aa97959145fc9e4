import type { Incident } from "../../client/incidents.ts";
import type { Task } from "../../client/tasks.ts";
import { app } from "./app.ts";
import { Store, useStore } from "./store.ts";

interface Rows {
  incidents: Incident[];
  tasks: Task[];
}
type Readers = { [K in keyof Rows]: Set<(rows: Rows[K]) => void> };
type Text = { type: "hello"; after: Partial<typeof after> } | { [K in keyof Rows]: { type: K; rows: Rows[K]; seq: number } }[keyof Rows];

/** Where a stream tells of changes, to ask besides is a safety; where none is open, it is the only way. */
const LIVE_MS = 30_000;
const ALONE_MS = 2_000;
const RETRY_FIRST_MS = 1_000;
const RETRY_MOST_MS = 60_000;
/** From where changes are sent: the first time from now on, since a page asks for what there is. */
const NEWEST = 999_999_999_999_999;

const readers: Readers = { incidents: new Set(), tasks: new Set() };
const after = { incidents: NEWEST, tasks: NEWEST };
/** The stream of a page that shows no map; with a map it comes along with the picture's. */
const own = new Store<{ isOpen: boolean }>({ isOpen: false });
let socket: WebSocket | null = null;
let retryMs = RETRY_FIRST_MS;
let retry: ReturnType<typeof setTimeout> | undefined;

export function useEvery(): number {
  const isOpen = useStore(own, (s) => s.isOpen);
  return useStore(app, (s) => s.link) === "open" || isOpen ? LIVE_MS : ALONE_MS;
}

/** Told of incidents or tasks as they change, until the function that it gives is called. */
export function heed<K extends keyof Rows>(kind: K, read: (rows: Rows[K]) => void): () => void {
  readers[kind].add(read);
  consider();
  return () => {
    readers[kind].delete(read);
    consider();
  };
}

export function tell<K extends keyof Rows>(kind: K, rows: Rows[K]): void {
  for (const read of readers[kind]) read(rows);
}

app.subscribe(consider);

function consider(): void {
  const isRead = readers.incidents.size + readers.tasks.size > 0;
  const isWanted = isRead && app.get().link !== "open";
  if (isWanted && !socket && retry === undefined) open();
  if (!isWanted) shut();
}

function open(): void {
  const url = new URL(`/api/v1/live?tracks=none&incidents_after=${after.incidents}&tasks_after=${after.tasks}`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const made = (socket = new WebSocket(url));
  made.onmessage = (event: MessageEvent<string>) => take(JSON.parse(event.data) as Text);
  made.onclose = () => {
    if (socket !== made) return; // shut from here
    socket = null;
    own.set({ isOpen: false });
    retry = setTimeout(() => {
      retry = undefined;
      consider();
    }, retryMs * (0.75 + 0.5 * Math.random())); // many pages must not come back at once
    retryMs = Math.min(2 * retryMs, RETRY_MOST_MS);
  };
}

function shut(): void {
  clearTimeout(retry);
  retry = undefined;
  const was = socket;
  socket = null;
  was?.close();
  if (own.get().isOpen) own.set({ isOpen: false });
}

function take(text: Text): void {
  if (text.type === "hello") {
    retryMs = RETRY_FIRST_MS;
    Object.assign(after, text.after);
    own.set({ isOpen: true });
    return;
  }
  after[text.type] = text.seq;
  if (text.type === "incidents") tell("incidents", text.rows);
  else tell("tasks", text.rows);
}
