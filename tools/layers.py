"""Imports go one way. Run `python tools/layers.py`; each breach is said in words with its remedy.

Every import statement counts, inside functions and under TYPE_CHECKING too: that is where cycles
hide."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

SRC = Path(__file__).resolve().parent.parent / "src" / "littoral"

# A package may import those of a lower rank, and itself; those of one rank `engine` wires.
RANK = {
    "schema": 0,
    "area": 1,
    "sense": 2,
    "fuse": 2,
    "detect": 2,
    "analyse": 2,
    "respond": 2,
    "assess": 2,
    "access": 2,
    "share": 2,
    "store": 3,
    "link": 3,
    "engine": 4,
    "missions": 5,
    "api": 6,
    "sim": 6,
    "cli": 7,
}

# Left of `store` all is pure: no clock, no chance, no socket. `area` may read its packaged files.
PURE_BELOW = RANK["store"]
IMPURE_MODULES = {
    "asyncio", "http", "httpx", "os", "random", "requests", "secrets", "selectors", "socket",
    "sqlite3", "subprocess", "threading", "time", "urllib", "uuid",
}  # fmt: skip
# Called on whatever name a date class was imported as; and chance by NumPy's door.
IMPURE_CALLS = {"now", "utcnow", "today", "default_rng", "rand", "randn"}

# Units of one kind that must not know each other: a detector another detector, a source a source.
ISOLATED = {
    "detect": {"_pairs", "_shore", "_silence", "_ticks", "contract"},
    "sense": {"decoded", "health"},
}


# Who judges a writer must not share a line with it: module (or package) -> what none of its
# imports, however far they lead, may reach, and why.
WRITER_OF_THE_LOG = {
    "littoral.store.log.writer", "littoral.store.log.recover", "littoral.store.log.edge",
    "littoral.store.log.tail", "littoral.store.log.files", "littoral.store.log.waiting",
    "littoral.store.log.cosign", "littoral.store.log.stamping",
}  # fmt: skip
REFEREE = (
    {"littoral.detect"},
    "the referee judges the detectors and shares no code with them; "
    "compute it from the trajectories by the rule's published text",
)
INDEPENDENT = {
    "littoral.store.log.fsck": (
        WRITER_OF_THE_LOG | {"littoral.store.log.signing"},
        "the verifier of the log judges the writer and shares no code with it; "
        "read the format anew, or put what is pure into merkle, tiles, note or checkpoint",
    ),
    "littoral.store.log.witness.server": (
        WRITER_OF_THE_LOG,
        "a witness stands against the writer of the log and is run by somebody else; "
        "let it use merkle, note, checkpoint and signing alone",
    ),
    "littoral.sim.referee.judge": REFEREE,
    "littoral.sim.referee.judge_said": REFEREE,
}


def imports(tree: ast.AST) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, a.name) for a in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found += [(node.lineno, f"{node.module}.{a.name}") for a in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level:
            found.append((node.lineno, "littoral.?relative"))
    return found


def breaches(path: Path) -> list[str]:
    parts = path.relative_to(SRC).with_suffix("").parts
    package = parts[0]
    unit = parts[1] if len(parts) > 2 else None
    where = f"src/littoral/{path.relative_to(SRC)}"
    if package == "__init__":
        return [
            f"{where}:{line}: every module runs this one; import schema alone, and let the library "
            "be loaded when its names are first asked for"
            for line, name in imports(ast.parse(path.read_text()))
            if name.startswith("littoral.") and name.split(".")[1] != "schema"
        ]
    if package not in RANK:
        return [
            f"{where}: `{package}` has no place in the layers; give it a rank in tools/layers.py"
        ]
    rank = RANK[package]
    tree = ast.parse(path.read_text(), filename=str(path))
    said = []
    for line, name in imports(tree):
        words = name.split(".")
        if words[0] != "littoral":
            if rank < PURE_BELOW and words[0] in IMPURE_MODULES:
                said.append(
                    f"{where}:{line}: {package} is pure and may not import {words[0]}; "
                    "take time, chance and bytes as arguments"
                )
            continue
        if words == ["littoral"] or words[1] == "?relative":
            said.append(f"{where}:{line}: write the import from `littoral`, so that it can be read")
            continue
        other = words[1]
        if other == "__version__":
            continue
        if other not in RANK:
            said.append(f"{where}:{line}: littoral.{other} has no rank in tools/layers.py")
        elif other != package and RANK[other] >= rank:
            said.append(
                f"{where}:{line}: {package} may not import {other}; "
                "pass the value in from engine, or move what both need to a lower layer"
            )
        elif other == package and package in ISOLATED and unit and len(words) > 2:
            known = ISOLATED[package] | {unit}
            if words[2] not in known and (SRC / package / words[2]).exists():
                said.append(
                    f"{where}:{line}: {package}/{unit} may not import {package}/{words[2]}; "
                    f"units of one kind do not know each other; what several need stands in "
                    f"{', '.join(sorted(ISOLATED[package]))} or a new folder that is named in "
                    "ISOLATED in tools/layers.py"
                )
    if rank < PURE_BELOW:
        said.extend(
            f"{where}:{node.lineno}: {package} is pure and may not read a clock or draw chance; "
            "take `now_us` or a seed as an argument"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in IMPURE_CALLS
        )
    if rank < PURE_BELOW and package != "area":
        said.extend(
            f"{where}:{node.lineno}: {package} is pure and may not open a file; take its bytes"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "open"
        )
    return said


def module_path(name: str) -> Path | None:
    """The file of a module of ours, None for what is no module (a class, a function)."""
    path = SRC.parent.joinpath(*name.split("."))
    for found in (path.with_suffix(".py"), path / "__init__.py"):
        if found.is_file():
            return found
    return None


def reached(name: str) -> dict[str, str]:
    """Every module of ours that importing `name` loads -> the one that asks for it."""
    found: dict[str, str] = {}
    ahead = [(name, "")]
    while ahead:
        module, asker = ahead.pop()
        path = module_path(module)
        if path is None:  # a name inside a module
            module = module.rpartition(".")[0]
            path = module_path(module)
        if path is None or module in found or not module.startswith("littoral"):
            continue
        found[module] = asker
        ahead += [(asked, module) for _, asked in imports(ast.parse(path.read_text()))]
        package = module.rpartition(".")[0]
        ahead += [(package, module)] if package else []
    return found


def dependences() -> list[str]:
    """Breaches of INDEPENDENT."""
    said = []
    for module, (forbidden, why) in INDEPENDENT.items():
        if module_path(module) is None:
            said.append(f"{module} is gone; say in tools/layers.py who took its place")
        found = reached(module)
        said += [
            f"{module} may not reach {name} (by {found[name]}): {why}"
            for name in sorted(forbidden & found.keys())
        ]
    return said


def main() -> int:
    said = [b for path in sorted(SRC.rglob("*.py")) for b in breaches(path)] + dependences()
    print("\n".join(said) if said else "layers: imports go one way")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
