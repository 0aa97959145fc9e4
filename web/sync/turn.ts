/** What a phone asks of the server next (contracts/sync): texts first, a small file together with its record, a large
 * one or one of a bad line in pieces, and what has changed with the last of them. */
import { PIECE_BYTES } from "./pieces.ts";
import { due, type Queued } from "./queue.ts";

const MOST_TRIES_WHOLE = 2; // then a file goes in pieces, of which a bad line loses one at most

/** One request. `asks`: the question what has changed goes with the push. */
export interface Turn {
  kind: "push" | "push_file" | "upload" | "changes";
  ids: string[];
  asks: boolean;
}

export function nextTurn(queue: readonly Queued[], nowMs: number): Turn {
  const texts = due(queue, nowMs);
  if (texts.length > 0) return { kind: "push", ids: texts, asks: isLast(queue, texts, nowMs) };
  for (const q of [...queue].sort((a, b) => a.n - b.n)) {
    if (q.state !== "waiting" || q.bytes_ready || q.next_ms > nowMs) continue;
    if (!goesWhole(q)) return { kind: "upload", ids: [q.id], asks: false };
    const ready = queue.map((one) => (one.id === q.id ? { ...one, bytes_ready: true } : one));
    if (due(ready, nowMs).includes(q.id)) return { kind: "push_file", ids: [q.id], asks: isLast(queue, [q.id], nowMs) };
  }
  return { kind: "changes", ids: [], asks: false };
}

/** Whether its file goes with it, in one request. */
function goesWhole(q: Queued): boolean {
  const size = q.file_size ?? 0;
  return size > 0 && size <= PIECE_BYTES && q.tries < MOST_TRIES_WHOLE;
}

/** Whether nothing is left to be sent once these are. */
function isLast(queue: readonly Queued[], ids: readonly string[], nowMs: number): boolean {
  const after = queue.map((q) => (ids.includes(q.id) ? { ...q, state: "sent" as const } : q));
  return nextTurn(after, nowMs).kind === "changes";
}
