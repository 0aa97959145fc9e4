import { app, tick } from "./app.ts";
import { standing, type Standing } from "./standstill.ts";
import { useStore } from "./store.ts";

export function useStanding(): Standing {
  const link = useStore(app, (s) => s.link);
  const stale = useStore(app, (s) => s.stale);
  const isFilling = useStore(app, (s) => s.health?.mode === "history");
  const frameAt = useStore(app, (s) => s.frameAt);
  const now = useStore(tick, (s) => (stale && isFilling ? s.atMs : 0)); // else nothing here depends on the hour
  return standing({ link, stale, isFilling, ageMs: frameAt > 0 ? now - frameAt : 0 });
}
