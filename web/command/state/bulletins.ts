import { bulletins as asked, type Bulletin } from "../../client/bulletins.ts";
import { me } from "./me.ts";
import { Store } from "./store.ts";

/** Those in force or coming for where one is; asked for again each minute while the page is seen. */
export const bulletins = new Store<{ items: Bulletin[] }>({ items: [] });

const EVERY_MS = 60_000;
export async function askBulletins(): Promise<void> {
  bulletins.set({ items: (await asked.list()).items });
}

let isFollowing = false;

/** For as long as somebody is signed in. What cannot be asked for now stays as it was. */
export async function followBulletins(): Promise<void> {
  if (isFollowing) return;
  isFollowing = true;
  while (me.get().phase === "in") {
    if (!document.hidden) await askBulletins().catch(() => undefined);
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, EVERY_MS);
      document.addEventListener("visibilitychange", () => { if (!document.hidden) { clearTimeout(timer); resolve(null); } }, { once: true });
    });
  }
  isFollowing = false;
  bulletins.set({ items: [] });
}

export async function markRead(of: Bulletin): Promise<void> {
  const now = await asked.read(of.id, of.version);
  bulletins.set({ items: bulletins.get().items.map((b) => (b.id === now.id ? now : b)) });
}
