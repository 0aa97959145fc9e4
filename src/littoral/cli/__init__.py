"""The `littoral` command. One module a command; each has `add(subparsers)` and `run(args) -> int`.

Exit codes: 0 done; 1 the command failed (the reason is on standard error); 2 an input or argument
was not usable (each is named; what was usable has been done); 130 interrupted.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys

from littoral.cli import process, say

COMMANDS = (
    "demo", "run", "serve", "query", "ask", "replay", "areas", "detectors", "learn", "export",
    "fsck", "log", "policy", "witness", "units", "users", "keys", "cases", "retention",
    "checklists", "tls", "vault", "tak",
)  # fmt: skip


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="littoral",
        description="Keeps watch over a coast: from a sensor's line to an alert on the map.",
    )
    top.add_argument("--version", action="version", version=f"littoral {version()}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        module = importlib.import_module(f"littoral.cli.{name}")
        sub = module.add(commands)
        sub.set_defaults(run=module.run)
    return top


def version() -> str:
    from importlib.metadata import version as installed

    return installed("littoral")


def main(argv: list[str] | None = None) -> int:
    args = parser().parse_args(argv)
    process.prepare()
    try:
        return args.run(args)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output went away (`| head`): no error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as problem:
        if problem.filename is None:
            raise  # not a file that somebody named
        say.error(say.reason(problem))
        return 1


if __name__ == "__main__":
    sys.exit(main())
