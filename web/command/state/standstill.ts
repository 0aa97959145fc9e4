import type { Link } from "../../client/live.protocol.ts";

/** While history fills the server has more to do than to send pictures; longer than this it no longer explains a silence. */
const MOST_MS = 90_000;

export type Standing = "live" | "filling" | "stale" | "waiting" | "connecting";

/** Whether the picture may be trusted. `filling`: it comes late or not yet because the past is still being read, which
 * is no fault; a broken link is one then too. */
export function standing(of: { link: Link; stale: boolean; isFilling: boolean; ageMs: number }): Standing {
  if (of.link !== "open") return of.link;
  if (of.isFilling && of.ageMs <= MOST_MS) return "filling";
  return of.stale ? "stale" : "live";
}
