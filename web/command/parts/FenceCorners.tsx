import { useState } from "react";
import { formatPosition, parsePosition, type Position } from "../../map/position.ts";
import { Field, useWords } from "./common.tsx";
import type { Words } from "../../words/index.ts";

/** The corners of a fence as text, one a line: what a notice to mariners gives, and the way to draw
 * without a mouse. It is taken when the field is left. */
export function FenceCorners({ polygon, take }: { polygon: GeoJSON.Polygon; take: (polygon: GeoJSON.Polygon) => void }) {
  const t = useWords();
  const drawn = textOf(polygon);
  const [typed, setTyped] = useState<string | null>(null);
  const [error, setError] = useState<string>();
  const leave = (): void => {
    if (typed === null || typed.trim() === "" || typed === drawn) {
      setTyped(null);
      return setError(undefined);
    }
    const corners = cornersOf(typed, t);
    if (typeof corners === "string") return setError(corners);
    setError(undefined);
    setTyped(null);
    const ring = corners.map(({ lon, lat }) => [lon, lat]);
    take({ type: "Polygon", coordinates: [[...ring, ring[0]!]] });
  };
  return (
    <Field label={t("fence.corners")} error={error}>
      <textarea rows={4} spellCheck={false} className="corners" value={typed ?? drawn} onChange={(e) => setTyped(e.target.value)} onBlur={leave} />
    </Field>
  );
}

function textOf(polygon: GeoJSON.Polygon): string {
  const ring = polygon.coordinates[0] ?? [];
  return ring.slice(0, -1).map(([lon, lat]) => formatPosition({ lon: lon!, lat: lat! })).join("\n");
}

function cornersOf(text: string, t: Words): Position[] | string {
  const lines = text.split("\n").filter((line) => line.trim());
  const corners: Position[] = [];
  for (const [i, line] of lines.entries()) {
    const corner = parsePosition(line);
    if (!corner) return t("fence.cornersUnread", { n: i + 1 });
    corners.push(corner);
  }
  return corners.length < 3 ? t("fence.cornersFew") : corners;
}
