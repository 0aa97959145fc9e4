/** The own notices on a phone: what an answer makes of those it has, and which wait for their user (contracts/sync). */
export interface Told {
  id: string;
  thing: string;
  wants_answer: boolean;
  state: string;
  mine?: string | null;
}

export interface Notices<T extends Told> {
  edition: string;
  items: T[];
}

/** `says`: the `kind` among its fields. */
export interface Saying {
  kind: string;
  thing: string;
  state: string;
  says: string;
}

/** What is kept, and whether to ask again at once: the server takes a phone that asks by the edition of now to have all. */
export function afterTold<T extends Told>(held: Notices<T>, told: Notices<T> | null): [Notices<T>, boolean] {
  if (!told) return [held, false];
  const known = new Set(held.items.filter((n) => n.state === "open").map((n) => n.id));
  return [told, told.items.some((n) => n.state === "open" && !known.has(n.id))];
}

/** Those that wait for their user: not answered, by what is in the queue either. One that asks for no answer waits until
 * it was read, as somebody's device had it before its user. */
export function waiting<T extends Told>(items: readonly T[], queue: readonly Saying[]): T[] {
  const said = new Set(queue.filter(decides).map((q) => q.thing));
  return items.filter(
    (n) => !n.mine && !said.has(n.id) && !said.has(n.thing.replace(/^task:/, "")) &&
      (n.state === "open" || (!n.wants_answer && n.state === "delivered")),
  );
}

/** Whether a record answers a notice: by itself, or as a step of the task that it is about. One that was sent may be of an
 * earlier offer of that task; the server knows it. */
const decides = (q: Saying): boolean =>
  q.kind === "task.step"
    ? q.state === "waiting" && (q.says === "accept" || q.says === "refuse")
    : q.kind === "notice.answer" && q.state !== "aside";
