"""`python -m bench NAME`: runs one bench, by the name that `make bench` lists."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    if len(sys.argv) < 2:
        names = sorted(
            p.stem.replace("_", "-") for p in HERE.glob("*.*") if p.suffix in {".py", ".mjs"}
        )
        print("\n".join(n for n in names if not n.startswith("-")))
        return 2
    stem = sys.argv.pop(1).replace("-", "_")
    if (HERE / f"{stem}.py").exists():
        runpy.run_module(f"bench.{stem}", run_name="__main__", alter_sys=True)
        return 0
    if (HERE / f"{stem}.mjs").exists():
        return subprocess.call(["node", str(HERE / f"{stem}.mjs"), *sys.argv[1:]])
    print(f"no bench {stem!r} in bench/", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
