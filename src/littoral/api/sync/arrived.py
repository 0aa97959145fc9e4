"""The file of a record, whole here: staged in pieces before, or come with the record."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from littoral.store.sync.uploads import Staging, Upload


class Arrived(Protocol):
    def read(self) -> Iterator[bytes]:
        """The plain bytes."""
        ...

    def is_what_it_says(self) -> bool:
        """Whether it has the content of its hash."""
        ...

    def drop(self) -> None:
        """It is in custody, or wanted no more."""
        ...


@dataclass(frozen=True, slots=True)
class Staged:
    staging: Staging
    upload: Upload

    def read(self) -> Iterator[bytes]:
        return self.staging.read(self.upload)

    def is_what_it_says(self) -> bool:
        return self.staging.is_what_it_says(self.upload)

    def drop(self) -> None:
        self.staging.drop(self.upload)


@dataclass(frozen=True, slots=True)
class Along:
    """It lies nowhere: what does not become evidence is gone with the request."""

    sha256: str
    data: bytes

    def read(self) -> Iterator[bytes]:
        yield self.data

    def is_what_it_says(self) -> bool:
        return hashlib.sha256(self.data).hexdigest() == self.sha256

    def drop(self) -> None:
        """Nothing was kept."""
