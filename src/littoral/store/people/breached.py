"""Passwords that leaked somewhere, from a file that the operator provides.

The usual list, sorted by hash: a line each of the SHA-1 hash in 40 hexadecimal digits, a colon and
how often it leaked. It has gigabytes, so it is searched where it lies; nothing is read into memory
and no other server is asked. SHA-1 only finds the line here, it protects nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from littoral.store.database import RecordsError

_LINE = re.compile(rb"([0-9A-Fa-f]{40}):(\d{1,12})\r?")
_LONGEST = 40 + 1 + 12 + 2  # bytes of a line with its end


class Breached:
    """Safe for several threads. A file that is replaced by a newer one is read after a restart."""

    def __init__(self, path: Path) -> None:
        """RecordsError when it is no such list or not sorted where it is looked at; OSError."""
        self._path = path
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            self._size = os.fstat(self._file).st_size
            if self._size == 0:
                raise RecordsError(f"{path}: is empty; a line is HASH:COUNT")
            places = (self._size * part // 8 for part in range(8))
            seen = [self._line(at)[0] for at in places]
            if seen != sorted(seen):
                raise RecordsError(f"{path}: is not sorted by hash")
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        os.close(self._file)

    def count(self, password: str) -> int:
        """How often it leaked; 0 when it is not in the list. RecordsError, OSError."""
        wanted = hashlib.sha1(password.encode("utf-8"), usedforsecurity=False).digest()
        # The line sought, if there is one, begins in [low, high).
        low, high = 0, self._size
        while low < high:
            middle = (low + high) // 2
            found, count, start, end = self._line(middle)
            if found == wanted:
                return count
            low, high = (end, high) if found < wanted else (low, start)
        return 0

    def _line(self, at: int) -> tuple[bytes, int, int, int]:
        """Hash and count of the line that holds byte `at`; where it begins, where the next does."""
        begin = max(0, at - _LONGEST)
        data = os.pread(self._file, 2 * _LONGEST, begin)
        start = data.rfind(b"\n", 0, at - begin) + 1
        end = data.find(b"\n", at - begin)
        end = len(data) if end < 0 else end
        line = _LINE.fullmatch(data[start:end])
        if line is None:
            raise RecordsError(f"{self._path}: no line HASH:COUNT at byte {begin + start:,}")
        after = min(self._size, begin + end + 1)
        return bytes.fromhex(line[1].decode()), int(line[2]), begin + start, after
