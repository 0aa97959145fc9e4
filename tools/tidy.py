"""The repository's own habits, held by a check that names the remedy: `python tools/tidy.py`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAX_LINES = 500
# Generated, not written.
GENERATED = {"web/client/api.d.ts"}
LIMITS = {"src/littoral/api/app.py": 250}
# A lock file or a doc that names a registry breaks on machines that reach another one.
REGISTRY = re.compile(
    r"registry\.npmjs\.org|files\.pythonhosted\.org|pypi\.org/simple|deb\.debian\.org"
)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b(?![X0-9])")
# Chinese takes its own punctuation, of full width. A gap to be filled stands for a Chinese word.
HAN = r"[\u4e00-\u9fff]"
HALF_WIDTH = re.compile(rf"{HAN}[,;:!?(](?={HAN}|\{{)|(?<={HAN})[,;] (?={HAN})|{HAN}\((?={HAN}|\d)")
AS_TYPED = ("月-日T时:分", "经度,纬度")  # forms of what is typed with half-width signs
WORDS_OF_PEOPLE = (".py", ".toml", ".json", ".geojson", ".cedar")


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines()]


def complaints(path: Path) -> list[str]:
    name = str(path.relative_to(ROOT))
    if name in GENERATED | {"tools/tidy.py"} or not path.is_file() or path.is_symlink():
        return []
    try:
        text = path.read_text()
    except UnicodeDecodeError:
        return []
    said = []
    if name.startswith(("src/", "web/words/")) and path.suffix in WORDS_OF_PEOPLE:
        said += [
            f"{name}: “{found.group()}”: Chinese takes ，；：！？（） of full width"
            for found in HALF_WIDTH.finditer(text)
            if not any(
                form in text[max(0, found.start() - 6) : found.end() + 2] for form in AS_TYPED
            )
        ]
    if REGISTRY.search(text):
        said.append(f"{name}: names a package registry; remove the address")
    if path.suffix in {".py", ".ts", ".tsx", ".css"}:
        lines = text.count("\n")
        limit = LIMITS.get(name, MAX_LINES)
        if lines > limit:
            said.append(f"{name}: {lines} lines, over {limit}; split it by what its parts hold")
        if UNFINISHED.search(text):
            said.append(f"{name}: unfinished work is marked in it; finish it or note it in docs/")
    if (
        path.suffix == ".py"
        and name.startswith("src/")
        and text.strip()
        and '"""' not in text[:200]
    ):
        said.append(f"{name}: says nowhere what it holds; begin it with a docstring")
    return said


def main() -> int:
    said = [c for path in tracked() for c in complaints(path)]
    print("\n".join(said) if said else "tidy: nothing to say")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
