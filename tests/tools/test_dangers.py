"""What may stand nowhere in the source. Each check walks every file, and is shown a breach."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "littoral"
Finder = Callable[[ast.AST], Iterator[str]]

# Calls that run text as code or a shell, build foreign objects, or switch a check off.
CALLS = {
    "eval", "exec", "compile", "__import__", "os.system", "os.popen", "pickle.load",
    "pickle.loads", "marshal.loads", "shelve.open", "yaml.load", "hashlib.md5",
    "ssl._create_unverified_context", "tempfile.mktemp", "modes.ECB", "modes.CBC",
    "padding.PKCS1v15", "jwt.decode_unverified",
}  # fmt: skip
SWITCHES = {"shell": True, "verify": False, "allow_pickle": True}

# Modules that open connections to others, and why.
SPEAKERS = {
    "link/oidc.py": "to the providers of the deployment's file",
    "link/tcp.py": "to receivers that the command line names",
    "link/udp.py": "listens to receivers",
    "link/sms/gateway.py": "to the gateway for text messages that the command line names",
    "link/sms/modem.py": "to the modem that the command line names",
    "link/clamd.py": "to the virus scanner that the command line names",
    "cli/renewal.py": "renews a system's key at the server that the command line names",
    "cli/tak.py": "listens to TAK devices, or follows the TAK server, that the command line names",
    "link/tak.py": "the connections of these",
    "link/positions_out.py": "to the server that the command line names",
    "link/tls.py": "dresses those connections in TLS",
    "link/words.py": "names the faults of TLS",
    "cli/feeds.py": "opens the receivers that the command line names",
    "api/server.py": "listens on the loopback address, and by TLS where the command line says",
    "cli/tls_options.py": "reads the certificate of that",
    "store/log/cosign.py": "to witnesses that the deployment names",
    "store/log/stamping.py": "to time-stamp authorities that the deployment names",
    "store/log/timestamp.py": "to time-stamp authorities that the deployment names",
    "store/log/witness/server.py": "the witness, a program of its own",
    "cli/witness.py": "the witness, a program of its own",
    "sim/": "the simulation sends to the demo's own receiver",
    "cli/demo": "the demo speaks to its own server and witnesses",
}
NETWORK = {
    "socket",
    "httpx",
    "http",
    "urllib",
    "requests",
    "aiohttp",
    "ftplib",
    "smtplib",
    "ssl",
    "serial",
}
HARMLESS = {"urllib.parse", "http.HTTPStatus"}

SECRET = re.compile(
    r"-----BEGIN (?:\w+ )?PRIVATE KEY|AKIA[0-9A-Z]{16}"
    r"|PRIVATE\+KEY\+[^\s\"'`{]+\+[0-9a-f]{8}\+\w{40}"
    r"|\blitt_[a-z0-9]{10}_[A-Za-z0-9_-]{43}\b|ghp_\w{36}"
)


def files(*folders: str, suffixes: tuple[str, ...] = (".py",)) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--", *folders],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = [ROOT / n for n in listed.stdout.splitlines() if n.endswith(suffixes)]
    return [p for p in found if p.is_file() and not p.is_symlink()]


def name_of(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{name_of(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield name_of(node.func), node


def dangerous(tree: ast.AST) -> Iterator[str]:
    for name, call in calls(tree):
        if name in CALLS:
            yield name
        for word in call.keywords:
            value = getattr(word.value, "value", None)
            if word.arg in SWITCHES and value is SWITCHES[word.arg]:
                yield f"{word.arg}={value}"
        of = getattr(call.func, "value", None)
        if name.endswith(".format") and not isinstance(of, ast.Constant | ast.Name):
            yield "a format that is computed"


def statements(tree: ast.AST) -> Iterator[str]:
    """Text of SQL that is put together and handed to the records."""
    for name, call in calls(tree):
        raw = name == "sa.text" or name.endswith("exec_driver_sql")
        if raw and not _constant(call.args[0]):
            yield f"{name} of what is no constant"


def _constant(node: ast.AST) -> bool:
    if isinstance(node, ast.IfExp):
        return _constant(node.body) and _constant(node.orelse)
    return isinstance(node, ast.Constant)


def patterns(tree: ast.AST) -> Iterator[str]:
    """Regular expressions made from what a function was given."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            given = {a.arg for a in [*node.args.args, *node.args.kwonlyargs]}
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and name_of(call.func).startswith("re."):
                    named = {n.id for n in ast.walk(call.args[0]) if isinstance(n, ast.Name)}
                    if named & given:
                        yield f"{name_of(call.func)} of {sorted(named & given)}"


def speaks(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{a.name}" for a in node.names]
        for name in names:
            known = any(name == h or name.startswith(h + ".") for h in HARMLESS)
            if name.split(".")[0] in NETWORK and not known:
                yield name


def guessed(tree: ast.AST) -> Iterator[str]:
    """`random.SystemRandom` is the operating system's own generator."""
    for name, _ in calls(tree):
        if name.startswith(("random.", "np.random.")) and name != "random.SystemRandom":
            yield name


def breaches(finder: Finder, skip: tuple[str, ...] = ()) -> list[str]:
    paths = files("src/littoral")
    assert len(paths) > 200
    said = []
    for path in paths:
        where = str(path.relative_to(SRC))
        if not where.startswith(skip or ("\0",)):
            said += [f"{where}: {what}" for what in finder(ast.parse(path.read_text()))]
    return said


def test_no_dangerous_call() -> None:
    assert breaches(dangerous) == []


def test_no_statement_is_put_together_from_text() -> None:
    """Migrations have no input. The lake's are told apart in `store/lake_query.py`: numbers cast,
    paths quoted, over a connection that can read the lake alone."""
    assert breaches(statements, ("store/migrations/",)) == []


def test_patterns_are_constants() -> None:
    assert breaches(patterns) == []


def test_who_may_open_connections() -> None:
    assert breaches(speaks, tuple(SPEAKERS)) == []


def test_chance_that_can_be_guessed_is_in_the_simulation_alone() -> None:
    """And where foreseeing it gains nothing: how long to wait before connecting again, and units
    that are made up."""
    apart = ("sim/", "link/tcp.py", "link/tak.py", "store/people/synthetic.py")
    assert breaches(guessed, apart) == []


@pytest.mark.parametrize(
    ("finder", "text"),
    [
        (dangerous, "eval(x)"),
        (dangerous, "subprocess.run(x, shell=True)"),
        (dangerous, "httpx.Client(verify=False)"),
        (dangerous, "np.load(f, allow_pickle=True)"),
        (dangerous, "(a + b).format(c)"),
        (statements, "c.execute(sa.text(f'select {x}'))"),
        (statements, "c.exec_driver_sql('drop ' + x)"),
        (patterns, "def f(x):\n    return re.compile(x + '$')"),
        (speaks, "import requests"),
        (speaks, "from urllib.request import urlopen"),
        (speaks, "from http import client"),
        (guessed, "random.random()"),
        (guessed, "np.random.default_rng()"),
    ],
)
def test_a_breach_is_found(finder: Finder, text: str) -> None:
    assert list(finder(ast.parse(text)))


def test_no_secret_is_in_the_repository() -> None:
    """Tests may hold keys that open nothing; the product, its docs and tools hold none."""
    kinds = (".py", ".md", ".ts", ".tsx", ".json", ".toml", ".sh", ".yaml", ".cedar", ".csv")
    paths = files("src", "docs", "tools", "web", "contracts", "Makefile", suffixes=kinds)
    assert len(paths) > 300
    assert [str(p) for p in paths if SECRET.search(p.read_text(errors="replace"))] == []
    assert SECRET.search("litt_abcdefghij_" + "x" * 43)


MARKUP = re.compile(
    r"dangerouslySetInnerHTML|\.innerHTML\s*=|\.outerHTML\s*=|insertAdjacentHTML|document\.write"
    r"|\beval\(|new Function\(|addEventListener\(\s*[\"']message[\"']|\bfor \(.* in .*\) .*\[.*\] ="
    r"|__proto__"
)
KEPT = re.compile(
    r"(?:localStorage|sessionStorage)\.setItem\(\s*([^,)]+)|indexedDB|caches\.open|document\.cookie"
)


def page_files() -> list[Path]:
    paths = files("web/command", "web/client", "web/map", suffixes=(".ts", ".tsx"))
    assert len(paths) > 50
    return [p for p in paths if not p.name.endswith(".test.ts")]


def test_the_page_puts_no_markup_in() -> None:
    found = [str(p) for p in page_files() if MARKUP.search(p.read_text())]
    assert found == []
    assert MARKUP.search("node.innerHTML = name")


def test_what_the_browser_keeps() -> None:
    """How the screen is set up, under one key; and when the page was last loaded anew because an
    upgrade took its parts away. Nothing else."""
    found = {m[0] for p in page_files() for m in KEPT.finditer(p.read_text())}
    assert found == {"localStorage.setItem(KEY", "sessionStorage.setItem(key"}
