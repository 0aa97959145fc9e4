import { useEffect, useState } from "react";
import { incidents, type Incident } from "../../client/incidents.ts";
import { heed, useEvery } from "../state/matters.ts";
import { joined } from "../pages/incidents/board.ts";
import { useAsk, type Asked } from "../pages/kit/useAsk.ts";

/** All of them once, then what has changed since: as the live stream tells it, and by asking again and again while the
 * page is looked at. */
export function useIncidents(): { all: Asked<Incident[]>; seen: (one: Incident) => void } {
  const first = useAsk(async () => (await incidents.list("")).items, []);
  const [later, setLater] = useState<Incident[]>([]);
  const items = first.data === null ? null : joined(first.data, later);
  const newest = items?.reduce((top, i) => Math.max(top, i.seq), 0);
  const everyMs = useEvery();
  useEffect(() => heed("incidents", (rows) => setLater((before) => joined(before, rows))), []);
  useEffect(() => {
    if (newest === undefined) return;
    const timer = setInterval(() => {
      if (document.hidden) return;
      incidents.since(newest).then(
        (page) => page.items.length > 0 && setLater((before) => joined(before, page.items)),
        () => undefined, // the bar says that the server is out of reach; the next time may do
      );
    }, everyMs);
    return () => clearInterval(timer);
  }, [newest, everyMs]);
  return { all: { ...first, data: items }, seen: (one) => setLater((before) => joined(before, [one])) };
}
