"""A file in resumable pieces (tus 1.0): which bytes go next."""

from __future__ import annotations

from dataclasses import dataclass

PIECE_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes from `start` up to, not including, `end`; none when the file is whole."""

    start: int
    end: int


def next_piece(size: int, offset: int | None, piece: int = PIECE_BYTES) -> Piece | None:
    """`offset`: what the server has by its own account; None: it knows nothing of the file. An
    offset that cannot be (another file's, cut short here) begins anew."""
    start = offset if offset is not None and 0 <= offset <= size else 0
    return None if start == size else Piece(start, min(size, start + piece))


def halved(piece: int, least: int = 16 * 1024) -> int:
    """After one that did not get through: a bad line takes smaller ones."""
    return max(least, piece // 2)
