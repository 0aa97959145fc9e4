import { useEffect, useState } from "react";
import { tasks, type Task } from "../../../client/tasks.ts";
import type { Page } from "../../../client/types.ts";
import { heed, useEvery } from "../../state/matters.ts";
import { useAsk, type Asked } from "../kit/useAsk.ts";
import { joined } from "./board.ts";

/** Tasks once, then what has changed since: as the live stream tells it, and by asking again and again while the page is
 * looked at. */
export function useTasks(ask: () => Promise<Page<Task>>, fits: (t: Task) => boolean, key: string): { all: Asked<Task[]>; seen: (one: Task) => void } {
  const first = useAsk(async () => (await ask()).items, [key]);
  const [later, setLater] = useState<Task[]>([]);
  const items = first.data === null ? null : joined(first.data, later).filter(fits);
  const newest = first.data === null ? undefined : [...first.data, ...later].reduce((top, t) => Math.max(top, t.seq), 0);
  const everyMs = useEvery();
  useEffect(() => heed("tasks", (rows) => setLater((before) => joined(before, rows))), []);
  useEffect(() => {
    if (newest === undefined) return;
    const timer = setInterval(() => {
      if (document.hidden) return;
      tasks.since(newest).then(
        (page) => page.items.length > 0 && setLater((before) => joined(before, page.items)),
        () => undefined, // the bar says that the server is out of reach; the next time may do
      );
    }, everyMs);
    return () => clearInterval(timer);
  }, [newest, everyMs]);
  return { all: { ...first, data: items }, seen: (one) => setLater((before) => joined(before, [one])) };
}
