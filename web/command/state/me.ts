import { api, ApiError, SIGNED_OUT } from "../../client/http.ts";
import type { Me } from "../../client/types.ts";
import { Store } from "./store.ts";

/** `asking`: not known yet; `local`: the server has no sign-in; `out` (also with `me`, who needs more), `in`. */
export interface MeState {
  phase: "asking" | "local" | "out" | "in";
  me: Me | null;
  /** Of an address that the server printed or an administrator handed out; good once. */
  link: { kind: "first-start" | "accept"; token: string } | null;
}

export const me = new Store<MeState>({ phase: "asking", me: null, link: linkOf(location.hash) });

function linkOf(hash: string): MeState["link"] {
  const [, kind, token] = /^#(first-start|accept)=([\w-]+)$/.exec(hash) ?? [];
  return kind && token ? { kind: kind as "first-start" | "accept", token } : null;
}

/** Resolves once somebody may use the page. */
export function known(): Promise<void> {
  return new Promise((resolve) => {
    const look = (): boolean => me.get().phase === "in" || me.get().phase === "local";
    if (look()) return resolve();
    const stop = me.subscribe(() => {
      if (!look()) return;
      stop();
      resolve();
    });
  });
}

/** Whoever must have a second factor stays at the door until there is one. */
function phaseOf(who: Me): "in" | "out" {
  return who.needs ? "out" : "in";
}

export function entered(who: Me): void {
  if (me.get().link) history.replaceState(null, "", location.pathname); // the token is spent; keep it out of the history
  me.set({ phase: phaseOf(who), me: who, link: null });
}

export async function ask(): Promise<void> {
  if (me.get().link) return me.set({ phase: "out" });
  for (let wait = 500; ; wait = Math.min(8000, 2 * wait)) {
    try {
      const who = await api.me();
      return me.set({ phase: phaseOf(who), me: who });
    } catch (error) {
      const status = error instanceof ApiError ? error.problem.status : 0;
      if (status === 401) return me.set({ phase: "out" });
      if (status === 503 || status === 404) return me.set({ phase: "local" });
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

export async function signOut(): Promise<void> {
  await api.signOut();
  location.reload(); // nothing that this person saw stays in the page
}

window.addEventListener(SIGNED_OUT, () => {
  if (me.get().phase === "in") location.reload();
});
