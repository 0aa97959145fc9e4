/** What a browser shows in a page as a picture; others are taken as a copy. */
const SHOWN: ReadonlySet<string> = new Set(["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"]);

export const isPicture = (of: { media_type: string }): boolean => SHOWN.has(of.media_type);

/** The place that a key leads to among so many; null: the key leads nowhere. It does not go round: whoever is at the end
 * should know, since each look is in the log. */
export function stepTo(key: string, at: number, of: number): number | null {
  const to = key === "ArrowRight" ? at + 1 : key === "ArrowLeft" ? at - 1 : key === "Home" ? 0 : key === "End" ? of - 1 : at;
  return to === at || to < 0 || to >= of ? null : to;
}
