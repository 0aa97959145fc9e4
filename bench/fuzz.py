"""Fuzzing: the API by its document, and the parsers of all files and messages that it takes.

    python -m bench.fuzz [--quick] [--seconds N] [--parsers] [--http [--minutes N] [--only WORD]]

The first asks a real server over HTTP whatever schemathesis makes of the OpenAPI document, without
sign-in, as nobody, and as each role; then values that no generator of valid JSON makes. A first
round asks each operation once as each of them, so that a run that is cut has asked all; what is
left of the minutes (33 unless said otherwise) is shared by those that follow, the thorough last.
`--only` takes operations whose path has the word, to try the bench itself. The second
runs each parser of TARGETS under a coverage-guided fuzzer (atheris, libFuzzer) on one core,
an hour in all unless `--seconds` says otherwise. The hour may be made of several runs:
`.make/fuzz/total.json` keeps what each target has run since its last crash, and the table says
both, this run and all, by the clock and by the processor, of which other work may have the most.
`tools/fuzzers.sh` installs what it needs, in `.make/fuzzers` beside the environment, not in it.
"""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from typing import Any

from bench import _fuzz_parsers as parsers
from bench._harness import QUICK, report, row

sys.path.append(str(parsers.HOME / "fuzzers"))  # last: what the environment has comes first

HOUR_S = 3600.0
QUICK_S = 20.0
MINUTES = 33.0
EXAMPLES, ODD = (1, 2) if QUICK else (8, 200)
# These are asked each limit of each parameter and member too, and what no generator makes.
NOBODIES = ("without sign-in", "anonymous")
# The administrator last: what it does ends sessions, keys and accounts of others.
THOROUGH = ("without sign-in", "investigator", "administrator")


def wanted(name: str) -> bool:
    """Both parts unless one is named."""
    named = {"--parsers", "--http"} & set(sys.argv)
    return not named or name in named


def seconds() -> float:
    if "--seconds" in sys.argv:
        return float(sys.argv[sys.argv.index("--seconds") + 1])
    return QUICK_S if QUICK else HOUR_S


def said(name: str, otherwise: str) -> str:
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else otherwise


def http_rows() -> list[dict[str, Any]]:
    from bench import _fuzz_http as http
    from bench import _fuzz_odd as odd
    from bench._fuzz_server import ground

    found, odd_requests, odd_wrong = [], 0, set()
    began = time.monotonic()
    until = began + 60 * float(said("--minutes", str(MINUTES)))
    with ExitStack() as stack:
        grounds = [stack.enter_context(ground(sign_in)) for sign_in in (False, True)]
        document = http.part(http.document_of(grounds[0]), said("--only", ""))
        operations = sum(len(item) for item in document["paths"].values())
        # Nobody and everybody first: theirs are short, and what they find matters most.
        who = [(there, role) for there in grounds for role in there.roles()]
        if QUICK:
            who = [(there, role) for there, role in who if role in (*NOBODIES, "system")]
        roles = len(who)
        for there, role in who:
            found.append(http.timed(there, role, document, 1, False, until))
        turns = [] if QUICK else [(*w, False) for w in who if w[1] not in THOROUGH]
        turns += [(*w, True) for name in THOROUGH for w in who if w[1] == name]
        for n, (there, role, thorough) in enumerate(turns):
            left = (until - time.monotonic()) / sum(3 if t else 1 for _, _, t in turns[n:])
            end = time.monotonic() + left * (2 if thorough else 1)
            if not QUICK:
                found.append(http.timed(there, role, document, EXAMPLES, thorough, end))
            if thorough:
                asked, wrong = odd.ask_odd(there, role, document, ODD, end + left)
                odd_requests += asked
                odd_wrong |= set(wrong)
    rounds = found[:roles]
    asked = min(len(f.operations) for f in rounds)
    unable = {u for f in found for u in f.unable}
    breaches = {b for f in found for b in f.breaches}
    return [
        row("operations of the document", operations, ""),
        row("of them asked, as each role", asked, "", at_least=operations),
        row("roles, nobody, without sign-in", roles, ""),
        row("requests", sum(f.requests for f in found), ""),
        row("answers of 500 and above", sum(f.server_errors for f in found), "", at_most=0),
        row("breaches of the document", len(breaches), "", at_most=0),
        row("requests with values that no generator makes", odd_requests, ""),
        row(
            "of them answered by 5xx or against the document",
            len(odd_wrong),
            "",
            at_most=0,
        ),
        row("operations that could not be asked", len(unable), "", at_most=0),
        row("time of the API", time.monotonic() - began, "s"),
    ]


def parser_rows() -> list[dict[str, Any]]:
    parsers.KEPT.mkdir(parents=True, exist_ok=True)
    outcomes = parsers.run_quick(seconds()) if QUICK else parsers.run_all(seconds())
    total = {} if QUICK else parsers.total()
    rows = []
    for name, found in outcomes.items():
        rows.append(row(f"{name}: executions", found.executions, f"in {found.seconds:.0f} s"))
        rows.append(row(f"{name}: crashes", len(found.crashes), "", at_most=0))
    spent = sum(found.seconds for found in outcomes.values())
    rows.append(row("all parsers, this run", spent, "s"))
    rows.append(
        row("of it time of a processor", sum(f.processor_s for f in outcomes.values()), "s")
    )
    executions = sum(found.executions for found in outcomes.values())
    rows.append(row("all parsers, executions", executions, "", at_least=1))
    if not QUICK:
        whole = sum(each["seconds"] for each in total.values())
        rows.append(
            row("all parsers, all runs since each one's last crash", whole, "s", at_least=HOUR_S)
        )
        rows.append(
            row("of it time of a processor", sum(e["processor_s"] for e in total.values()), "s")
        )
        rows.append(
            row("the same, executions", int(sum(e["executions"] for e in total.values())), "")
        )
    crashes = sum(len(found.crashes) for found in outcomes.values())
    rows.append(row("all parsers, crashes", crashes, "", at_most=0))
    return rows


def main() -> int:
    # The parsers first: a process counts the most memory of what started it as its own, and asking
    # over HTTP takes more than a fuzzer may have.
    parsed = parser_rows() if wanted("--parsers") else []
    asked = http_rows() if wanted("--http") else []
    return report("fuzz", asked + parsed)


if __name__ == "__main__":
    sys.exit(main())
