import { tasks, type Responder } from "../../client/tasks.ts";
import type { Sent } from "../../map/overlays.ts";
import { chart } from "./chartHost.ts";
import { mine, offered } from "./mine.ts";
import { Store } from "./store.ts";

const EVERY_MS = 5_000;
const OLD_S = 300; // as a ranking says it: the position is old
const KNOT_MPS = 1852 / 3600;

/** Who can be sent, as last asked. */
export const responders = new Store<{ items: Responder[] }>({ items: [] });

let shown: { of: Responder[]; sent: Sent[] } = { of: [], sent: [] };

/** Those whose position is known, for the map. The same array as long as nothing has changed. */
export function sentNow(): Sent[] {
  const { items } = responders.get();
  if (items !== shown.of) shown = { of: items, sent: items.filter((r) => r.position && r.status !== "out_of_service").map(sentOf) };
  return shown.sent;
}

function sentOf(of: Responder): Sent {
  const p = of.position!;
  return {
    at: { lon: p.lon, lat: p.lat },
    name: of.name,
    cogDeg: p.cog_deg ?? NaN,
    sogMps: (p.sog_kn ?? NaN) * KNOT_MPS,
    isOnTask: of.status === "on_task",
    isOld: p.age_s > OLD_S,
  };
}

/** Asks again and again while the map is looked at; for whoever may see them. Gives what ends it. */
export function followResponders(): () => void {
  const ask = async (): Promise<void> => {
    if (document.hidden || offered(mine.get().mine, "responder.read").length === 0) return;
    try {
      responders.set({ items: (await tasks.responders()).items });
      chart.current?.redraw();
    } catch {
      // The bar says that the server is out of reach; the next time may do.
    }
  };
  void ask();
  const timer = setInterval(() => void ask(), EVERY_MS);
  return () => clearInterval(timer);
}
