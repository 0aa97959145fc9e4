"""`make audit`: are libraries pinned, allowed by AGPL-3.0-or-later, free of known weaknesses?

Exit code 0: nothing found. 1: something found; each thing is named. 3: nothing found by what can be
done without the advisory database, and the database was not asked because it cannot be reached.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK, NPM_LOCK = ROOT / "requirements.lock", ROOT / "web" / "package-lock.json"
FOUND, NOT_ASKED = 1, 3
TIMEOUT_S = 300

# Licences whose code may be part of a work under AGPL-3.0-or-later or stand beside it (FSF's list
# of compatible licences; CC-BY and OFL for data and fonts). A version must say "or later" or be 3.
ALLOWED = re.compile(
    r"0BSD|AFL-2\.1|AGPL-3\.0(-only|-or-later)?|Apache-2\.0|BlueOak-1\.0\.0|BSD(-[1234]-Clause)?"
    r"|BSD-3-Clause-(Clear|Modification)|BSL-1\.0|CC0-1\.0|CC-BY-[34]\.0|CNRI-Python|GPL-[23]\.0-or-later"
    r"|GPL-3\.0(-only)?|HPND|ISC|LGPL-(2\.1|3\.0)(-only|-or-later)?|LGPL-3|MIT|MIT-0|MIT-CMU|MPL-2\.0"
    r"|OFL-1\.1|PSF-2\.0|Python-2\.0|Unicode-3\.0|Unlicense|WTFPL|Zlib|ZPL-2\.1"
)
# How packages write their licence where they do not use the names of SPDX.
WRITTEN = (
    (r"GNU Affero.*v?3", "AGPL-3.0"), (r"GNU Lesser.*|LGPL.*", "LGPL-3.0"),
    (r"GNU General Public License v3.*|GPL ?v?3.*", "GPL-3.0"), (r"Mozilla.*2\.0.*", "MPL-2.0"),
    (r"(Apache|ASL).*2.*|Apache Software License|Apache", "Apache-2.0"),
    (r"(The )?(MIT|Expat)( [Ll]icense)?.*", "MIT"), (r"CC0.*", "CC0-1.0"),
    (r"(New |Modified )?BSD.*|3-Clause BSD.*", "BSD"),
    (r"ISC.*", "ISC"), (r"(PSF|Python Software Foundation).*", "PSF-2.0"), (r"zlib.*", "Zlib"),
    (r"The Unlicense.*|Public Domain", "Unlicense"),
    (r"SIL Open Font License 1\.1.*", "OFL-1.1"),
)  # fmt: skip
# Read by us where the package does not say it in a form that can be read: name to licence.
READ: dict[str, str] = {"cedarpy": "Apache-2.0"}


@dataclass(frozen=True)
class Component:
    kind: str  # python or npm
    name: str
    version: str
    licence: str  # "" where it cannot be told here
    pinned: bool
    hash: str


def allowed(licence: str) -> bool:
    """Of an SPDX expression: every part of an AND, one of an OR."""
    plain = licence.strip()
    while plain.startswith("(") and plain.endswith(")") and _balanced(plain[1:-1]):
        plain = plain[1:-1].strip()
    for word, judge in ((" OR ", any), (" AND ", all)):
        parts = _split(plain, word)
        if len(parts) > 1:
            return judge(allowed(p) for p in parts)
    return ALLOWED.fullmatch(plain.partition(" WITH ")[0].strip()) is not None


def _balanced(text: str) -> bool:
    depth = 0
    for c in text:
        depth += (c == "(") - (c == ")")
        if depth < 0:
            return False
    return depth == 0


def _split(text: str, word: str) -> list[str]:
    """At `word` where it stands outside parentheses."""
    pieces = re.split(re.escape(word), text)
    parts = [pieces[0]]
    for piece in pieces[1:]:
        if _balanced(parts[-1]):
            parts.append(piece)
        else:
            parts[-1] += word + piece
    return parts


def spdx(written: str) -> str:
    """The name of SPDX for what a package wrote; as it is where none is known."""
    first = written.strip().split("\n")[0][:200]
    if allowed(first):
        return first
    return next((name for form, name in WRITTEN if re.fullmatch(form, first)), first)


def python_components(lock: str) -> list[Component]:
    found = []
    for line in lock.splitlines():
        if not line.strip() or line.lstrip().startswith(("#", "--")):
            continue
        name, pinned, rest = line.partition("==")
        version = re.split(r"[ ;\\]", rest)[0]
        found.append(
            Component("python", name.strip(), version, _licence_of(name.strip()), bool(pinned), "")
        )
    return found


def _licence_of(name: str) -> str:
    if name in READ:
        return READ[name]
    try:
        said = metadata.metadata(name.partition("[")[0])
    except metadata.PackageNotFoundError:
        return ""
    if "License-Expression" in said:
        return spdx(said["License-Expression"])
    classes = [
        c.rpartition(" :: ")[2]
        for c in said.get_all("Classifier") or []
        if c.startswith("License :: ") and not c.endswith("OSI Approved")
    ]
    if classes:
        return " OR ".join(spdx(c) for c in classes)
    return spdx(str(said.json.get("license", "")))


def npm_components(lock: dict[str, Any]) -> list[Component]:
    found = []
    for place, entry in lock["packages"].items():
        if not place or entry.get("link"):
            continue
        name = place.rpartition("node_modules/")[2]
        licence = entry.get("license", "")
        found.append(
            Component(
                "npm",
                name,
                entry.get("version", ""),
                spdx(licence if isinstance(licence, str) else ""),
                bool(entry.get("version")),
                entry.get("integrity", ""),
            )
        )
    return found


def faults(components: Sequence[Component]) -> list[str]:
    """What is wrong that needs no network."""
    said = []
    for c in components:
        where = f"{c.kind} {c.name} {c.version}".strip()
        if not c.pinned:
            said.append(f"{where}: is not pinned to a version")
        if c.kind == "npm" and not c.hash:
            said.append(f"{where}: has no hash in the lock file")
        if c.licence and not allowed(c.licence):
            said.append(f"{where}: the licence {c.licence!r} is not known to fit AGPL-3.0-or-later")
    return said


def python_weaknesses(output: str) -> list[str] | None:
    """From what `pip-audit --format json` prints; None when it could not ask."""
    try:
        listed = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return None
    if not any("vulns" in d for d in listed):
        return None
    return [
        f"python {d['name']} {d['version']}: {v['id']}, mended in {v['fix_versions'] or 'none'}"
        for d in listed
        for v in d.get("vulns", [])
    ]


def npm_weaknesses(output: str) -> list[str] | None:
    """From what `npm audit --json` prints; None when it could not ask."""
    try:
        found = json.loads(output)
        listed, counts = found["vulnerabilities"], found["metadata"]["vulnerabilities"]
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(counts, dict):
        return None
    return [f"npm {name}: {v['severity']}, {v['range']}" for name, v in sorted(listed.items())]


def asked(command: Sequence[str], folder: Path) -> str:
    """Standard output of a tool; "" when it is not there or does not end."""
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def main(argv: Sequence[str] | None = None) -> int:
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    p.add_argument("--inventory", type=Path, metavar="FILE", help="write all components as JSON")
    p.add_argument("--offline", action="store_true", help="do not ask the advisory database")
    p.add_argument("--pip-audit", default="pip-audit", metavar="PROGRAM")
    args = p.parse_args(argv)
    components = python_components(LOCK.read_text())
    components += npm_components(json.loads(NPM_LOCK.read_text()))
    if args.inventory:
        rows = [asdict(c) for c in components]
        args.inventory.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
    said = faults(components)
    answers: dict[str, list[str] | None] = {"Python": None, "npm": None}
    if not args.offline:
        options = ["--requirement", str(LOCK), "--no-deps", "--disable-pip", "--format", "json"]
        options += ["--progress-spinner", "off"]
        answers["Python"] = python_weaknesses(asked([args.pip_audit, *options], ROOT))
        answers["npm"] = npm_weaknesses(asked(["npm", "audit", "--json"], ROOT / "web"))
    said += [fault for answer in answers.values() for fault in answer or []]
    return _report(components, said, [name for name, a in answers.items() if a is None])


def _report(components: Sequence[Component], said: list[str], silent: list[str]) -> int:
    unknown = sorted(c.name for c in components if not c.licence)
    for fault in said:
        print(f"found: {fault}")
    print(f"{len(components)} components; pins, hashes of npm and licences were checked")
    if unknown:
        print(f"licence not told by the package, or not installed here: {', '.join(unknown)}")
    if silent:
        print(
            f"NOT ASKED: known weaknesses of {' and '.join(silent)} packages. The advisory "
            "database was not reached from here; run this again where it can be."
        )
    return FOUND if said else NOT_ASKED if silent else 0


if __name__ == "__main__":
    sys.exit(main())
