import { ApiError } from "../../client/http.ts";
import { watchList as api, type Listed } from "../../client/watchList.ts";
import { tick } from "./app.ts";
import { chart } from "./chartHost.ts";
import { report } from "./report.ts";
import { Store } from "./store.ts";

/** Vessels that people look out for; empty for whom does not see the list. */
export const watchList = new Store<{ listed: Listed[]; mayRead: boolean }>({ listed: [], mayRead: true });

const EVERY_S = 30;

export async function loadWatchList(): Promise<void> {
  if (!watchList.get().mayRead) return;
  try {
    watchList.set({ listed: (await api.all()).items });
    chart.current?.redraw();
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 403) watchList.set({ mayRead: false });
    else if (!(error instanceof ApiError && error.problem.status === 0)) report(error);
  }
}

let last = 0;

/** Reads now and every half minute, with the page's tick: others list vessels too, and who she is changes. */
export function followWatchList(): () => void {
  void loadWatchList();
  return tick.subscribe(() => {
    const { n } = tick.get();
    if (n - last < EVERY_S || document.hidden) return;
    last = n;
    void loadWatchList();
  });
}
