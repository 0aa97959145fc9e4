/** The queue of outgoing records: what goes next, and what an answer makes of each (contracts/sync). */
export const MOST_RECORDS = 20;
export const MOST_BYTES = 128 * 1024;
const FIRST_S = 2;
const LONGEST_S = 300;
const MOST_LATER = 12;

export type State = "waiting" | "sent" | "aside" | "conflict" | "moved";

export interface Queued {
  /** Place in the queue, counted by the device, since its clock may jump. */
  n: number;
  id: string;
  kind: string;
  thing: string;
  state: State;
  tries: number;
  later: number;
  next_ms: number;
  /** False while the file of the record is not whole at the server. */
  bytes_ready: boolean;
  size: number;
  /** Of its file; 0 for one that goes in pieces in any case, or for none. Not there in queues of before. */
  file_size?: number;
  code: string;
}

export interface Answer {
  status: string;
  code?: string;
  first?: Answer | null;
}

const ENDS: Record<string, State> = { taken: "sent", conflict: "conflict", refused: "aside", moved: "moved" };

/** Whether other records rest on one of that kind. */
export const opens = (kind: string): boolean => kind.endsWith(".report") || kind.endsWith(".submit");

/** Ids of the records of the next push, in their order. Records about one thing keep theirs. */
export function due(queue: readonly Queued[], nowMs: number): string[] {
  const found: string[] = [];
  const held = new Set<string>();
  let size = 0;
  for (const q of [...queue].sort((a, b) => a.n - b.n)) {
    if (opens(q.kind) && (q.state === "aside" || (q.state === "waiting" && !q.bytes_ready))) held.add(q.thing);
    if (q.state !== "waiting" || held.has(q.thing) || !q.bytes_ready) continue;
    if (q.next_ms > nowMs) {
      held.add(q.thing);
      continue;
    }
    if (found.length > 0 && (found.length >= MOST_RECORDS || size + q.size > MOST_BYTES)) break;
    found.push(q.id);
    size += q.size;
  }
  return found;
}

export function backoffMs(tries: number, chance: number, retryAfterS: number | null = null): number {
  const wait = Math.min(LONGEST_S, FIRST_S * 2 ** Math.min(tries - 1, 20)) * (0.5 + chance / 2);
  return Math.round(1000 * Math.max(wait, retryAfterS ?? 0));
}

/** The push was not answered, or not done: it is tried again for as long as it takes. */
export function unanswered<Q extends Queued>(q: Q, nowMs: number, chance: number, retryAfterS: number | null = null): Q {
  const tries = q.tries + 1;
  return { ...q, state: "waiting", tries, next_ms: nowMs + backoffMs(tries, chance, retryAfterS) };
}

/** What the server's answer makes of the record. `known` is what it was the first time. */
export function answered<Q extends Queued>(q: Q, given: Answer, nowMs: number, chance: number): Q {
  const answer = given.status === "known" && given.first ? given.first : given;
  const code = answer.code ?? "";
  const state = ENDS[answer.status];
  if (state) return { ...q, state, code, tries: 0, next_ms: 0 };
  if (q.later + 1 >= MOST_LATER) return { ...q, state: "aside", code: "gave_up", later: q.later + 1 };
  return { ...unanswered(q, nowMs, chance), later: q.later + 1, code, bytes_ready: q.bytes_ready && code !== "no_bytes" };
}
