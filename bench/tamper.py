"""A thousand deeds against logs of several sizes, closed or with entries in the tail: all found?

A quarter each: a byte changed anywhere; something dropped (a file, its end, a group of the tail, an
entry with all hashes made anew); a fork and a rollback by somebody who has the private key, so that
every signature is right. For these two the verifier is asked twice: with the files alone it must
say "not provable", with a checkpoint that a witness cosigned it must find them. Untouched logs are
verified too and must be called fine.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from bench import _tampering as tampering
from bench._harness import QUICK, report, row
from littoral.store.log.fsck import FOUND, NOT_PROVABLE, fsck_log

DEEDS = 100 if QUICK else 1000
SEED = 8


def main() -> int:
    chance = random.Random(SEED)
    found = dict.fromkeys(("change_a_byte", "drop", "fork", "rollback"), 0)
    unclaimed = false = 0
    folder = Path(tempfile.mkdtemp(prefix="littoral-tamper-", dir=Path(__file__).parent))
    start = time.perf_counter()
    try:
        scenes = [
            tampering.make_scene(folder / f"{size}-{running}", size, running)
            for size in tampering.SIZES
            for running in (False, True)
        ]
        for scene in scenes:
            fine = fsck_log(scene.root, tampering.KEY.public, [scene.last], scene.witnesses)
            false += not fine.ok
        for number in range(DEEDS):
            way = list(found)[number % 4]
            able = [s for s in scenes if way != "rollback" or int(s.last.split(b"\n")[1]) > 1]
            scene = chance.choice(able)
            root = shutil.copytree(scene.root, folder / "copy")
            what = getattr(tampering, way)(scene, root, chance)
            alone = fsck_log(root, tampering.KEY.public, (), scene.witnesses)
            if way in ("change_a_byte", "drop"):
                seen = bool(alone.damage)
            else:
                given = fsck_log(root, tampering.KEY.public, [scene.earlier, scene.last])
                seen = getattr(given, way) == FOUND
                unclaimed += getattr(alone, way) == NOT_PROVABLE
            found[way] += seen
            if not seen:
                print(f"not found: {way}: {what}", flush=True)
            shutil.rmtree(root)
    finally:
        shutil.rmtree(folder)
    names = {"change_a_byte": "bytes changed", "drop": "drops", "fork": "forks"}
    rows = [
        row(f"{names.get(way, 'rollbacks')}, found", count, f"of {DEEDS // 4}", at_least=DEEDS // 4)
        for way, count in found.items()
    ]
    rows.append(row("all, found", sum(found.values()), f"of {DEEDS}", at_least=DEEDS))
    rows.append(
        row(
            "forks and rollbacks that the files alone do not show, called not provable",
            unclaimed,
            f"of {DEEDS // 2}",
            at_least=DEEDS // 2,
        )
    )
    rows.append(row("untouched logs called tampered with", false, f"of {len(scenes)}", at_most=0))
    rows.append(row("time", time.perf_counter() - start, "s"))
    return report("tamper", rows)


if __name__ == "__main__":
    sys.exit(main())
