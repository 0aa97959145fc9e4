"""pyxform's example forms: each opens on the phone, or is refused by the part not supported.

    python -m bench.forms [--quick]

The examples (bench/forms/pyxform-examples.zip, of pyxform 4.5.0, tests/example_xls, BSD-2-Clause)
are converted as the server does; what it takes is opened in headless Chromium by the built pages.
Old .xls files are read cell by cell into .xlsx first: the server takes none. The list goes into
docs/forms.md. `--quick` opens the shipped forms and five examples."""

from __future__ import annotations

import gzip
import io
import json
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

import xlrd
from openpyxl import Workbook

from bench._harness import QUICK, report, row
from littoral.api.pages import PAGES
from littoral.api.security import FORMS_POLICY
from littoral.store.forms import convert
from littoral.store.forms.convert import FormRefused, convert_form

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = Path(__file__).parent / "forms" / "pyxform-examples.zip"
SHIPPED = Path(convert.__file__).parent / "shipped"
OUTCOME = Path(__file__).parent / "forms" / "outcome.json"
DOC = ROOT / "docs" / "forms.md"
BEGIN, END = "<!-- examples: written by bench/forms.py -->", "<!-- end -->"
LIMIT_S = 1800
FORMS_KB = 1500.0  # of what shows forms, gzip: fetched once, after sign-in


def as_xlsx(data: bytes) -> bytes:
    """The same cells; of old files, which nothing here reads but this bench."""
    old = xlrd.open_workbook(file_contents=data)
    made = Workbook()
    made.remove(made.active)
    for sheet in old.sheets():
        new = made.create_sheet(sheet.name)
        for number in range(sheet.nrows):
            new.append([c.value if c.value != "" else None for c in sheet.row(number)])
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def examples() -> dict[str, bytes]:
    with zipfile.ZipFile(EXAMPLES) as packed:
        names = sorted(n for n in packed.namelist() if n.endswith((".xls", ".xlsx")))
        found = {n: packed.read(n) for n in names}
    return {n: as_xlsx(d) if n.endswith(".xls") else d for n, d in found.items()}


def opened(forms: dict[str, str]) -> dict[str, dict[str, Any]]:
    """What Chromium shows of each, by key."""
    with tempfile.TemporaryDirectory() as folder:
        for key, xform in forms.items():
            (Path(folder) / f"{key}.xml").write_text(xform, encoding="utf-8")
        ran = subprocess.run(
            ["npx", "tsx", "bench/forms.ts", folder, str(PAGES), FORMS_POLICY],
            cwd=ROOT / "web",
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
    if ran.returncode:
        raise SystemExit(f"the browser did not run: {ran.stderr[-2000:]}")
    found: dict[str, dict[str, Any]] = json.loads(ran.stdout)
    return found


def renderer_kb() -> float:
    """Of what the service worker fetches for forms, gzip."""
    listed = re.search(r"const FORMS = (\[.*?\]);", (PAGES / "phone" / "sw.js").read_text())
    if listed is None:
        raise SystemExit("the pages are not built: make web")
    files = [PAGES / name.lstrip("/") for name in json.loads(listed[1])]
    return sum(len(gzip.compress(f.read_bytes(), 6)) for f in files) / 1e3


def main() -> int:
    files = {p.name: p.read_bytes() for p in sorted(SHIPPED.glob("*.xlsx"))}
    shipped = set(files)
    found = examples()
    files |= dict(list(found.items())[:5]) if QUICK else found
    taken: dict[str, str] = {}
    outcome: dict[str, str] = {}
    took_s: list[float] = []
    for name, data in files.items():
        began = time.process_time()
        try:
            taken[re.sub(r"\W", "_", name)] = convert_form(data, name, "1").xform
        except FormRefused as refused:
            outcome[name] = f"refused: {refused.faults[0]}"
        took_s.append(time.process_time() - began)
    shown = opened(taken)
    for name in files:
        key = re.sub(r"\W", "_", name)
        if key in shown:
            one = shown[key]
            outcome[name] = "opens" if one["shown"] else f"does not open: {one['said']}"
    opens = [n for n, said in outcome.items() if said == "opens"]
    silent = [n for n, said in outcome.items() if said.startswith("does not open")]
    ms = sorted(one["ms"] for one in shown.values())
    rows = [
        row("examples looked at", len(files) - len(shipped), "files"),
        row("examples that open on the phone", len(set(opens) - shipped), "files"),
        row("examples refused by name of the part", len(files) - len(opens) - len(silent), "files"),
        row("taken by the server and not shown by the phone", len(silent), "files", at_most=0),
        row("shipped forms that open", len(shipped & set(opens)), f"of {len(shipped)}",
            at_least=len(shipped)),
        row("conversion, slowest, processor time", max(took_s), "s", at_most=5),
        row("until a form is shown, median", ms[len(ms) // 2] / 1e3, "s"),
        row("what shows forms, gzip", renderer_kb(), "kB", at_most=FORMS_KB),
    ]  # fmt: skip
    if not QUICK:
        told = {n: s for n, s in outcome.items() if n not in shipped}
        OUTCOME.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
        write_list(told)
    for name in silent:
        print(f"{name}: {outcome[name]}")
    return report("forms", rows)


def write_list(told: dict[str, str]) -> None:
    """The list of examples in docs/forms.md."""
    lines = ["| file | on the phone |", "| --- | --- |"]
    lines += [f"| `{n}` | {s[:240].replace('|', '/')} |" for n, s in sorted(told.items())]
    text = DOC.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    DOC.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
