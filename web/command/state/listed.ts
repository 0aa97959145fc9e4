import type { SearchHit, Vessel } from "../../client/types.ts";
import type { Listed } from "../../client/watchList.ts";

/** The entry that a vessel stands under, as the server judges it. */
export function entryOf(listed: readonly Listed[], vessel: Pick<Vessel | SearchHit, "mmsi" | "imo" | "name">): Listed | undefined {
  return listed.find(
    (e) => (e.mmsi !== null && e.mmsi === vessel.mmsi) || (e.imo !== null && e.imo === vessel.imo) || (e.name !== null && e.name === vessel.name),
  );
}

export const tracksOf = (listed: readonly Listed[]): number[] => listed.flatMap((e) => e.vessels.map((v) => v.track));
