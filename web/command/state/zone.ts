import { app } from "./app.ts";
import { mine } from "./mine.ts";
import { useStore } from "./store.ts";
import { ownZone } from "./time.ts";

/** The zone of the coast that is watched, on the map and off it; the browser's before the server has said it. */
export function useZone(): string {
  const onMap = useStore(app, (s) => s.settings?.time_zone);
  const offMap = useStore(mine, (s) => s.mine?.time_zone);
  return onMap || offMap || ownZone();
}
