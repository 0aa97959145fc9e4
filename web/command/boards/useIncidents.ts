import { useEffect, useState } from "react";
import { incidents, type Incident } from "../../client/incidents.ts";
import { joined } from "../pages/incidents/board.ts";
import { useAsk, type Asked } from "../pages/kit/useAsk.ts";

/** All of them once, then what has changed since, again and again while the page is looked at. */
export function useIncidents(everyMs = 2000): { all: Asked<Incident[]>; seen: (one: Incident) => void } {
  const first = useAsk(async () => (await incidents.list("")).items, []);
  const [later, setLater] = useState<Incident[]>([]);
  const items = first.data === null ? null : joined(first.data, later);
  const newest = items?.reduce((top, i) => Math.max(top, i.seq), 0);
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
