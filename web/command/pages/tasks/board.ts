import type { Task, TaskState, TaskStepKind } from "../../../client/tasks.ts";

/** The columns of the board; what is over stands together in the last. */
export const COLUMNS: readonly { name: string; states: readonly TaskState[] }[] = [
  { name: "offered", states: ["offered"] },
  { name: "accepted", states: ["accepted"] },
  { name: "en_route", states: ["en_route"] },
  { name: "on_scene", states: ["on_scene"] },
  { name: "over", states: ["done", "refused", "cancelled"] },
];

export const OVER: ReadonlySet<TaskState> = new Set(["done", "refused", "cancelled"]);

/** What was known with what has come since: of each task the latest. */
export function joined(before: readonly Task[], now: readonly Task[]): Task[] {
  const latest = new Map(before.map((t) => [t.id, t]));
  for (const one of now) if ((latest.get(one.id)?.seq ?? 0) <= one.seq) latest.set(one.id, one);
  return [...latest.values()];
}

/** Who calls for help or is silent first, then the longest in their state; what is over newest first. */
export function inOrder(items: readonly Task[], isOver: boolean): Task[] {
  const late = (t: Task): number => t.call?.rung ?? 0;
  return [...items].sort((a, b) => late(b) - late(a) || (isOver ? -1 : 1) * (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
}

/** Steps of who was sent, in the order of the way: large, one under the other on a phone. */
export const FORWARD: readonly TaskStepKind[] = ["accept", "set_out", "arrive", "finish"];
/** Steps that take words: which field they go into. */
export const TEXT: Partial<Record<TaskStepKind, "reason" | "found" | "text">> = {
  refuse: "reason", finish: "found", cancel: "reason", transfer: "reason", message: "text",
};
/** Done at once, without a form. */
export const BARE: ReadonlySet<TaskStepKind> = new Set(["accept", "set_out", "arrive", "call_end"]);

/** Minutes from now, rounded up: nobody is told sooner than they come. */
export const minutes = (seconds: number): number => Math.ceil(seconds / 60);
