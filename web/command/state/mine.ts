import { api, ApiError } from "../../client/http.ts";
import type { MyPages } from "../../client/types.ts";
import { me } from "./me.ts";
import { Store } from "./store.ts";

/** Which pages open and what is offered on them; null while that is asked. `isRefused`: no policies are in
 * force, so that none opens. The server decides again
 * about each step: this only saves a person from doors that do not open. */
export const mine = new Store<{ mine: MyPages | null; isRefused: boolean }>({ mine: null, isRefused: false });

const LOCAL: MyPages = { pages: ["map"], may: {}, places: [], changes: true, reviews: true, policies: null, time_zone: "" };

export async function askPages(): Promise<void> {
  if (me.get().phase === "local") return mine.set({ mine: { ...LOCAL, pages: ["map", "past", "ask", "figures"] } });
  for (let wait = 500; ; wait = Math.min(8000, 2 * wait)) {
    try {
      return mine.set({ mine: await api.pages(), isRefused: false });
    } catch (error) {
      // Refused is an answer too: the map itself says why it shows nothing.
      if (error instanceof ApiError && error.problem.status >= 400 && error.problem.status < 500) return mine.set({ mine: LOCAL });
      mine.set({ isRefused: error instanceof ApiError && error.problem.status === 503 });
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

/** For which purposes an action is offered; none: it is not. */
export function offered(of: MyPages | null, action: string): string[] {
  return of?.may[action] ?? [];
}
