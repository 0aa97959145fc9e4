import type { Change } from "../../../client/types.ts";
import { fenceOf, ringsOf } from "./difference.ts";

const SIZE = 160;

/** Both outlines over one another: the fence as it is, and dashed what would be left. */
export function Sketch({ change, label }: { change: Change; label: string }) {
  const before = ringsOf(fenceOf(change.before));
  const after = change.after ? ringsOf(fenceOf(change.after)) : [];
  const all = [...before, ...after].flat();
  if (all.length === 0) return null;
  const lat = all.reduce((sum, p) => sum + p[1], 0) / all.length;
  const shrink = Math.cos((lat * Math.PI) / 180); // a degree of longitude beside one of latitude
  const xs = all.map((p) => p[0] * shrink);
  const ys = all.map((p) => p[1]);
  const left = Math.min(...xs);
  const top = Math.max(...ys);
  const scale = SIZE / Math.max(Math.max(...xs) - left, top - Math.min(...ys), 1e-6);
  const path = (rings: [number, number][][]): string =>
    rings.map((r) => `M${r.map((p) => `${((p[0] * shrink - left) * scale).toFixed(1)} ${((top - p[1]) * scale).toFixed(1)}`).join("L")}Z`).join("");
  return (
    <svg className="sketch" viewBox={`-6 -6 ${SIZE + 12} ${SIZE + 12}`} role="img" aria-label={label}>
      <path className="was" d={path(before)} />
      {after.length > 0 && <path className="is" d={path(after)} />}
    </svg>
  );
}
