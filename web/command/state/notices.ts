import { reach, type Notice } from "../../client/reach.ts";
import { me } from "./me.ts";
import { Store } from "./store.ts";

/** The own notices, newest first; what this page said of one is here before the server has it. */
export const notices = new Store<{ items: Notice[]; failed: boolean }>({ items: [], failed: false });

const SECOND_MS = 1000;
const AGAIN_S = 15;
/** The event by which this page says that it has a notice: the same for every try, so that it is one. */
const confirmed = new Map<string, string>();

/** Does it wait for its owner? */
export function waits(notice: Notice, account: string): boolean {
  return notice.wants_answer && notice.ended === null && notice.people.some((p) => p.account === account);
}

async function look(account: string): Promise<number> {
  const { items, ask_again_s: again } = await reach.own();
  notices.set({ items, failed: false });
  for (const notice of items.filter((n) => n.ended === null && !confirmed.has(n.id) && n.by !== account)) {
    const id = reach.newId();
    confirmed.set(notice.id, id);
    // Where it does not arrive, the next look says it again.
    await reach.say(notice.id, id, { kind: "delivered" }).catch(() => confirmed.delete(notice.id));
  }
  return again;
}

/** Asks for as long as somebody is signed in: often where something waits, seldom else. */
export async function followNotices(): Promise<void> {
  for (;;) {
    const who = me.get().me;
    if (me.get().phase !== "in" || who?.kind !== "account") return;
    let again = AGAIN_S;
    try {
      again = await look(who.id);
    } catch {
      notices.set({ failed: true });
    }
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, again * SECOND_MS);
      // A page that comes into view is looked at now.
      document.addEventListener("visibilitychange", () => { if (!document.hidden) { clearTimeout(timer); resolve(null); } }, { once: true });
    });
  }
}

/** Puts an answer in; the list shows what the server then says. */
export async function answer(notice: Notice, kind: "answered" | "declined", text = ""): Promise<void> {
  const now = await reach.say(notice.id, reach.newId(), { kind, text });
  notices.set({ items: notices.get().items.map((n) => (n.id === now.id ? now : n)) });
}
