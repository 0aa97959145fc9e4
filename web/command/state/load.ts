import { ApiError } from "../../client/http.ts";
import { load as api, type Load, type Shelf } from "../../client/load.ts";
import { tick } from "./app.ts";
import { report } from "./report.ts";
import { Store } from "./store.ts";

/** The figures of load as the server counts them, and what is on shelves. */
export const load = new Store<{ load: Load | null; shelves: Shelf[]; mayRead: boolean }>({ load: null, shelves: [], mayRead: true });

const EVERY_S = 10;

export async function readLoad(): Promise<void> {
  if (!load.get().mayRead) return;
  try {
    const [now, shelves] = await Promise.all([api.now(), api.shelves()]);
    load.set({ load: now, shelves: shelves.items });
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 403) load.set({ mayRead: false });
    else if (!(error instanceof ApiError && error.problem.status === 0)) report(error); // the banner says that
  }
}

let last = 0;

/** Reads now and every ten seconds, with the page's tick, while somebody follows. */
export function followLoad(): () => void {
  void readLoad();
  return tick.subscribe(() => {
    const { n } = tick.get();
    if (n - last < EVERY_S || document.hidden) return;
    last = n;
    void readLoad();
  });
}

export const activeShelves = (shelves: readonly Shelf[]): Shelf[] => shelves.filter((s) => s.ended === null);
