import type { Incident } from "../../client/incidents.ts";
import type { Task } from "../../client/tasks.ts";
import { app } from "./app.ts";
import { useStore } from "./store.ts";

interface Rows {
  incidents: Incident[];
  tasks: Task[];
}
type Readers = { [K in keyof Rows]: Set<(rows: Rows[K]) => void> };

const readers: Readers = { incidents: new Set(), tasks: new Set() };

/** Where the live stream tells of changes, to ask besides is a safety; where none is open, it is the only way. */
const LIVE_MS = 30_000;
const ALONE_MS = 2_000;

export const useEvery = (): number => (useStore(app, (s) => s.link) === "open" ? LIVE_MS : ALONE_MS);

/** Told of incidents or tasks as they change, until the function that it gives is called. */
export function heed<K extends keyof Rows>(kind: K, read: (rows: Rows[K]) => void): () => void {
  readers[kind].add(read);
  return () => void readers[kind].delete(read);
}

export function tell<K extends keyof Rows>(kind: K, rows: Rows[K]): void {
  for (const read of readers[kind]) read(rows);
}
