"""The part of the verifier that looks at time stamps: each on a checkpoint of this very tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509

from littoral.store.log import timestamp
from littoral.store.log.checkpoint import SignedCheckpoint, open_checkpoint
from littoral.store.log.note import NoteError, VerifierKey
from littoral.store.log.timestamp import StampError


@dataclass(slots=True)
class StampsFound:
    """`signed`: the stamped checkpoints by their file; `damage` names file and reason."""

    signed: dict[str, SignedCheckpoint] = field(default_factory=dict)
    damage: list[str] = field(default_factory=list)


def read_stamps(root: Path, key: VerifierKey) -> StampsFound:
    """Stamped checkpoints that the log has signed; without its stamp one counts for nothing."""
    found = StampsFound()
    for answer in sorted((root / timestamp.FOLDER).glob("*.tsr")):
        name = f"{timestamp.FOLDER}/{answer.with_suffix('.checkpoint').name}"
        try:
            signed = open_checkpoint((root / name).read_bytes(), key)
        except (OSError, NoteError) as error:
            found.damage.append(f"{name}: {error}")
            continue
        if name != timestamp.names(signed.size)[0]:
            found.damage.append(f"{name}: is of {signed.size} entries")
        found.signed[name] = signed
    return found


def check_stamps(
    root: Path,
    found: StampsFound,
    whole: int,
    roots: dict[int, bytes],
    trusted: Sequence[x509.Certificate],
) -> list[str]:
    """What the stamps tell; what is wrong goes to `found.damage`. `roots`: of the tree here, by
    size; `whole`: entries that are here. Without `trusted` the stamps themselves are not judged."""
    told = []
    for name, signed in found.signed.items():
        if signed.size > whole:
            found.damage.append(f"{name}: {signed.size - whole} of its entries are no longer here")
        elif roots.get(signed.size) != signed.root:
            found.damage.append(f"{name}: is of another tree than the one here")
        if not trusted:
            continue
        answer = (root / name).with_suffix(".tsr")
        try:
            stamp = timestamp.verify(answer.read_bytes(), (root / name).read_bytes(), trusted)
        except (OSError, StampError) as error:
            found.damage.append(f"{timestamp.FOLDER}/{answer.name}: {error}")
            continue
        at = stamp.time.isoformat()
        told.append(f"{signed.size} entries were there at {at}: {stamp.authority}")
    return told
