"""Ways to tamper with a log's folder, for the bench and the tests of its verifier.

Whoever changes a byte or drops an entry has the files alone. A fork and a rollback are the deed of
somebody who has the private key as well: every signature in such a folder is right.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from littoral.store.log import merkle, tiles
from littoral.store.log.checkpoint import Checkpoint
from littoral.store.log.edge import Edge
from littoral.store.log.note import COSIGNATURE, VerifierKey
from littoral.store.log.signing import Signer
from littoral.store.log.tail import read_group
from littoral.store.log.writer import Log

KEY = Signer("log.example/littoral", 1, bytes(range(32)))
WITNESS = Signer("witness.example/w", COSIGNATURE, bytes(range(1, 33)))
SIZES = (1, 2, 7, 255, 256, 257, 700, 1500)
TIME_S = 1_764_028_800


@dataclass(frozen=True, slots=True)
class Scene:
    """A log as it was at `earlier` entries and later, and the checkpoints of both."""

    root: Path  # closed, or copied from under a running writer
    before: Path  # as it was at the earlier checkpoint
    entries: list[bytes]
    earlier: bytes
    last: bytes  # cosigned by the witness

    @property
    def witnesses(self) -> list[VerifierKey]:
        return [WITNESS.public]


def entries(first: int, count: int, word: bytes = b"entry") -> list[bytes]:
    return [word + b" %d " % i + b"x" * (i * 37 % 91) for i in range(first, first + count)]


def make_scene(folder: Path, size: int, running: bool) -> Scene:
    """`running`: the last entries are in the tail alone."""
    root, before = folder / "log", folder / "before"
    early = max(1, size // 2)
    written = entries(0, size + (20 if running else 0))
    with Log(root, KEY) as log:
        log.append(written[:early]).result()
    shutil.copytree(root, before)
    earlier = (root / "checkpoint").read_bytes()
    with Log(root, KEY) as log:
        if size > early:
            log.append(written[early:size]).result()
        note = log.publish().note
    last = str(note.with_signatures([WITNESS.cosign(note.text, TIME_S)])).encode()
    (root / "checkpoint").write_bytes(last)
    if running:
        with Log(folder / "running", KEY, publish_s=600) as log:
            log.append(written[:size]).result()
            log.publish()
            for at in range(size, len(written), 5):
                log.append(written[at : at + 5]).result()
            shutil.rmtree(root)
            shutil.copytree(folder / "running", root)
        (root / "checkpoint").write_bytes(last)
    return Scene(root, before, written, earlier, last)


def files_of(root: Path) -> list[Path]:
    return sorted(p for p in root.rglob("*") if p.is_file() and p.name != "lock")


def change_a_byte(scene: Scene, root: Path, chance: random.Random) -> str:
    path = chance.choice(files_of(root))
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data))
    data[at] ^= chance.randrange(1, 256)
    path.write_bytes(data)
    return f"{path.relative_to(root)} byte {at}"


def drop(scene: Scene, root: Path, chance: random.Random) -> str:
    """A file, the end of one, a group of the tail, or an entry with all hashes made anew."""
    ways: list[Callable[[Path, random.Random], str]] = [_drop_file, _cut_file, _drop_entry]
    if len(list((root / "tail").iterdir())):
        ways.append(_drop_group)
    return chance.choice(ways)(root, chance)


def _drop_file(root: Path, chance: random.Random) -> str:
    wanted = {root / "checkpoint", root / "vkey"}
    path = chance.choice([p for p in files_of(root) if p in wanted or _is_needed(root, p)])
    path.unlink()
    return f"{path.relative_to(root)} deleted"


def _is_needed(root: Path, path: Path) -> bool:
    """Partial tiles of earlier checkpoints may be deleted, and the tail is another's matter."""
    size = int((root / "checkpoint").read_text().split("\n")[1])
    return path.relative_to(root).as_posix() in {part.path for part in tiles.parts(size)}


def _cut_file(root: Path, chance: random.Random) -> str:
    path = chance.choice([p for p in files_of(root) if p.parent.name != "tail"])
    data = path.read_bytes()
    path.write_bytes(data[: chance.randrange(len(data))])
    return f"{path.relative_to(root)} cut"


def _drop_group(root: Path, chance: random.Random) -> str:
    """Any but the last: without a checkpoint from elsewhere the end of a log shows nothing."""
    path = max((root / "tail").iterdir())
    data, at, starts = path.read_bytes(), 0, []
    while (group := read_group(data, at)) is not None:
        starts.append((at, group[1], group[0].end))
        at = group[1]
    size = int((root / "checkpoint").read_text().split("\n")[1])
    after = [s for s in starts[:-1] if s[2] > size]
    start, end, _ = chance.choice(after)
    path.write_bytes(data[:start] + data[end:])
    return f"group at byte {start} of the tail dropped"


def _drop_entry(root: Path, chance: random.Random) -> str:
    """One entry out, and every tile and bundle as if it had never been."""
    size = int((root / "checkpoint").read_text().split("\n")[1])
    kept: list[bytes] = []
    for number in range(-(-size // tiles.WIDTH)):
        width = tiles.width_at(-1, number, size)
        kept += tiles.unpack_entries((root / tiles.path_of(-1, number, width)).read_bytes())
    gone = chance.randrange(size)
    del kept[gone]
    shutil.rmtree(root / "tile")
    (root / "tile").mkdir()
    edge = Edge()
    for part, data in [*edge.add(kept, [merkle.leaf_hash(e) for e in kept]), *edge.partial()]:
        path = root / part.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return f"entry {gone} of {size} dropped, hashes made anew"


def fork(scene: Scene, root: Path, chance: random.Random) -> str:
    """Another history under the same key: one entry that others saw reads otherwise."""
    early = int(scene.earlier.split(b"\n")[1])
    changed = list(scene.entries)
    at = chance.randrange(early)
    changed[at] = b"nothing happened %d" % at
    more = chance.randrange(3)
    _write_anew(root, changed + entries(0, more, b"after"))
    return f"entry {at} rewritten and signed"


def rollback(scene: Scene, root: Path, chance: random.Random) -> str:
    """The folder of earlier, or a shorter log signed anew."""
    if chance.random() < 0.5:
        shutil.rmtree(root)
        shutil.copytree(scene.before, root)
        return "an earlier copy put back"
    published = int(scene.last.split(b"\n")[1])
    size = chance.randrange(1, published)
    _write_anew(root, scene.entries[:size])
    return f"cut to {size} of {published} and signed"


def _write_anew(root: Path, written: list[bytes]) -> None:
    """As the writer leaves it, but without its syncs: a thousand of them are made."""
    shutil.rmtree(root)
    for folder in (root / "tile", root / "tail"):
        folder.mkdir(parents=True)
    edge = Edge()
    for part, data in [*edge.add(written, [merkle.leaf_hash(e) for e in written]), *edge.partial()]:
        path = root / part.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    text = Checkpoint(KEY.name, edge.size, edge.compact_range().root()).text
    (root / "checkpoint").write_text(str(KEY.sign(text)))
    (root / "vkey").write_text(f"{KEY.public}\n")
