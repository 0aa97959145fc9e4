/** A file in resumable pieces (tus 1.0): which bytes go next (contracts/sync). */
export const PIECE_BYTES = 256 * 1024;

/** From, up to not including; null when the file is whole. `offset` null: the server knows nothing of it. */
export function nextPiece(size: number, offset: number | null, piece = PIECE_BYTES): [number, number] | null {
  const start = offset !== null && offset >= 0 && offset <= size ? offset : 0;
  return start === size ? null : [start, Math.min(size, start + piece)];
}

/** After one that did not get through: a bad line takes smaller ones. */
export const halved = (piece: number, least = 16 * 1024): number => Math.max(least, Math.floor(piece / 2));
