/** An incident's checklist as the phone shows it: the list that it keeps, what the server knows as ticked,
 * and what waits in the queue. */
import type { Entry, Item, Lists, Said } from "./state.ts";

export interface Row {
  id: string;
  text: Said;
  done: { by: string; at: string } | null;
  /** Ticked here and not sent yet. */
  isWaiting: boolean;
  /** Still in the list; what was ticked stays though it is not. */
  isListed: boolean;
  /** What it said when it was ticked, where it says something else now. */
  saidThen: Said | null;
}

const isSame = (a: Said, b: Said): boolean => a.zh === b.zh && a.en === b.en;

export function rowsOf(of: Pick<Item, "id" | "incident" | "ticks">, lists: Lists | null, queue: readonly Entry[]): Row[] {
  const listed = lists?.lists.find((l) => l.type === of.incident?.type)?.items ?? [];
  const ticks = new Map((of.ticks ?? []).map((tick) => [tick.item, tick]));
  const waiting = new Set(
    queue
      .filter((q) => q.kind === "incident.check" && q.thing === of.id && q.state === "waiting" && q.record.fields.done === true)
      .map((q) => String(q.record.fields.item)),
  );
  const rows = listed.map(({ id, text }): Row => {
    const tick = ticks.get(id);
    ticks.delete(id);
    return {
      id, text, done: tick ? { by: tick.by, at: tick.at } : null, isWaiting: !tick && waiting.has(id), isListed: true,
      saidThen: tick && !isSame(tick.said, text) ? tick.said : null,
    };
  });
  const gone = [...ticks.values()].map(({ item, by, at, said }): Row =>
    ({ id: item, text: said, done: { by, at }, isWaiting: false, isListed: false, saidThen: null }));
  return [...rows, ...gone];
}
