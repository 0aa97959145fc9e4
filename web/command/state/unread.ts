import type { Bulletin } from "../../client/bulletins.ts";

const GRAVEST: Bulletin["severity"][] = ["extreme", "major", "serious", "ordinary"];

/** In force and not read yet, the gravest first, then the newest. */
export function unread(items: readonly Bulletin[]): Bulletin[] {
  return items
    .filter((b) => b.state === "in_force" && b.read_version < b.version)
    .sort((a, b) => GRAVEST.indexOf(a.severity) - GRAVEST.indexOf(b.severity) || b.seq - a.seq);
}
