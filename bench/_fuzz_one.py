"""One target in a process of its own: `python -m bench._fuzz_one NAME FOLDER WORK SECONDS`.

libFuzzer (by way of atheris) mutates what stands in FOLDER/corpus and keeps what reaches new
branches. An exception that is not one of the target's documented refusals is a crash, so is more
than 5 s of processor time, and more than 1 GiB of memory, at which libFuzzer ends the process.
Crashes are kept in FOLDER/crashes, one for each kind and place, and the run goes on. WORK is for
files that the target writes. FOLDER/count says each second how many executions there were and how
long they took, by the clock and by the processor, of which other work may have had the most.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
import traceback
import warnings
from pathlib import Path
from types import TracebackType

import atheris  # type: ignore[import-not-found]

HANG_S = 5.0
MEMORY_MIB = 1024
STUCK_S = 120  # by the clock: other work on the machine may have had the processor meanwhile
LONGEST = 16_384  # bytes of an input


def place_of(trace: TracebackType | None) -> str:
    """Where in our code an exception arose: file and line of the innermost frame that is ours."""
    frames = traceback.extract_tb(trace)
    ours = [f for f in frames if "/littoral/" in f.filename] or frames
    last = ours[-1]
    return f"{'/'.join(Path(last.filename).parts[-3:])}:{last.lineno}"


class Runner:
    """Counts executions and keeps crashes."""

    def __init__(self, name: str, folder: Path, work: Path) -> None:
        # What is compiled cannot be instrumented: there, the target alone is, and inputs begin
        # with those that were found in the interpreter.
        compiled = os.environ.get("NUMBA_DISABLE_JIT") != "1"
        with atheris.instrument_imports(include=["bench"] if compiled else ["littoral", "bench"]):
            from bench._fuzz_targets import prepared

            self.target = prepared(name, work)
        for seed in self.target.seeds()[:20] if compiled else ():
            self.target.run(seed)  # compiles
        self.folder = folder
        self.executions = 0
        self.crashes: dict[str, str] = {}
        self.began = self.told = time.monotonic()
        self.used = time.process_time()
        (folder / "crashes").mkdir(parents=True, exist_ok=True)

    def one(self, data: bytes) -> None:
        used = time.thread_time()
        try:
            self.target.run(data)
        except self.target.refusals:
            pass
        except BaseException as error:  # a panic of compiled code is no Exception
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            self.keep(data, f"{type(error).__name__} at {place_of(error.__traceback__)}", error)
        used = time.thread_time() - used
        if used > HANG_S:
            self.keep(data, f"hang of {used:.0f} s", None)
        self.executions += 1
        if time.monotonic() - self.told > 1:
            self.tell()

    def keep(self, data: bytes, what: str, error: BaseException | None) -> None:
        if what in self.crashes:
            return
        name = hashlib.sha256(what.encode()).hexdigest()[:12]
        self.crashes[what] = name
        (self.folder / "crashes" / name).write_bytes(data)
        said = what if error is None else what + "\n" + "".join(traceback.format_exception(error))
        (self.folder / "crashes" / f"{name}.txt").write_text(said, errors="backslashreplace")
        self.tell()

    def tell(self) -> None:
        self.told = time.monotonic()
        said = {
            "executions": self.executions,
            "seconds": self.told - self.began,
            "processor_s": time.process_time() - self.used,
            "crashes": sorted(f"{name} {what}" for what, name in self.crashes.items()),
        }
        temporary = self.folder / "count.new"
        temporary.write_text(json.dumps(said))
        os.replace(temporary, self.folder / "count")


def main() -> None:
    name, folder, work, seconds = sys.argv[1], *map(Path, sys.argv[2:4]), float(sys.argv[4])
    warnings.simplefilter("ignore")
    runner = Runner(name, folder, work)
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for number, seed in enumerate(runner.target.seeds()):
        (corpus / f"seed-{number:04d}").write_bytes(seed)
    runner.began = runner.told = time.monotonic()
    runner.used = time.process_time()
    found = folder.parent / "sentences" / "corpus"
    more = [str(found)] if name == "compiled" and found.is_dir() else []
    atheris.Setup(
        [
            sys.argv[0],
            str(corpus),
            *more,
            f"-max_total_time={max(1, int(seconds))}",
            f"-rss_limit_mb={MEMORY_MIB}",
            f"-timeout={STUCK_S}",
            f"-max_len={LONGEST}",
            f"-artifact_prefix={folder}/crashes/",
            "-print_final_stats=0",
            "-verbosity=0",
        ],
        runner.one,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
