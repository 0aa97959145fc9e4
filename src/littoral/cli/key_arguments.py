"""Keys as arguments: written out, or the name of a file that holds one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from littoral.store.log.note import VerifierKey


def verifier_key(text: str) -> VerifierKey:
    """`name+id+key`, or a file with that line. NoteError when it is neither."""
    from littoral.store.log.note import NoteError, VerifierKey

    if "+" not in text or Path(text).is_file():
        try:
            text = Path(text).read_text()
        except (OSError, UnicodeDecodeError):
            raise NoteError(f"{text!r} is no key (`name+id+key`) and no file with one") from None
    return VerifierKey.parse(text)
