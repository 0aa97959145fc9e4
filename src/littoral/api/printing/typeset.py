"""A document of blocks as PDF. The same document and time give the same bytes.

Typst runs on a thread and leaves the interpreter to others meanwhile; one print at a time, so that
prints take one core from the watch and no more."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import orjson
import pylopdf_fonts_zh_cn
import typst

from littoral.api.words import Lang

WAIT_S = 20.0  # for the print before
# Longer runs without a blank get places where a line may end: a cell is narrow.
LONGEST = 18
BREAK = "\u200b"
# What is not seen or turns the order of reading is shown as a mark: a print is read, not searched.
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
RUN = re.compile(rf"[^\s\u2e80-\u9fff\uff00-\uffef]{{{LONGEST + 1},}}")


class Busy(Exception):
    """Another document is being set, for longer than `WAIT_S`."""


@dataclass
class Document:
    """`head`: what stands above each page, `foot` below it; `page`: words around the numbers."""

    lang: Lang
    title: str
    author: str
    head: str
    zone: str
    foot: str
    page: str  # with {n} and {of}
    made_us: int
    blocks: list[dict[str, Any]] = field(default_factory=list)

    def heading(self, level: int, text: str) -> None:
        self.blocks.append({"kind": "heading", "level": level, "text": plain(text)})

    def text(self, text: str, size: float = 9.0) -> None:
        """`size` in points."""
        if text:
            self.blocks.append({"kind": "text", "text": plain(text), "size": size})

    def facts(self, rows: Sequence[tuple[str, str | None]]) -> None:
        """Names with values; what is empty is left out."""
        shown = [[plain(name), plain(value)] for name, value in rows if value]
        if shown:
            self.blocks.append({"kind": "facts", "rows": shown})

    def table(
        self, head: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[str]]
    ) -> None:
        """`widths`: shares of what is left, 0: as wide as its longest cell."""
        if rows:
            cells = [[plain(cell) for cell in row] for row in rows]
            self.blocks.append(
                {"kind": "table", "head": list(head), "widths": list(widths), "rows": cells}
            )

    def figure(self, svg: str, caption: str) -> None:
        self.blocks.append({"kind": "figure", "svg": svg, "caption": plain(caption)})


def plain(text: str) -> str:
    """As it is printed: marks in place of what is not seen, and places where long words break."""
    seen = UNSEEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return RUN.sub(
        lambda m: BREAK.join(m[0][n : n + LONGEST] for n in range(0, len(m[0]), LONGEST)), seen
    )


_one_at_a_time = threading.Lock()


def pdf(document: Document) -> bytes:
    """Raises Busy."""
    before, between, after = re.split(r"\{n\}|\{of\}", document.page)
    said = {
        "lang": document.lang, "title": document.title, "author": document.author,
        "head": plain(document.head), "zone": document.zone, "foot": plain(document.foot),
        "page": {"before": before, "between": between, "after": after}, "blocks": document.blocks,
    }  # fmt: skip
    if not _one_at_a_time.acquire(timeout=WAIT_S):
        raise Busy
    try:
        # Without the machine's own fonts: the same document looks the same everywhere.
        compiler = typst.Compiler(
            _template(), root=str(_folder()), font_paths=_fonts(), ignore_system_fonts=True
        )
        made = compiler.compile(
            format="pdf", sys_inputs={"document": orjson.dumps(said).decode()},
            timestamp=document.made_us // 1_000_000,
        )  # fmt: skip
    finally:
        _one_at_a_time.release()
    assert isinstance(made, bytes)
    return made


@cache
def _template() -> bytes:
    return (_folder() / "page.typ").read_bytes()


def _folder() -> Any:
    return resources.files("littoral.api.printing")


@cache
def _fonts() -> typst.Fonts:
    """Noto Sans SC (SIL Open Font License) from its package."""
    folder = pylopdf_fonts_zh_cn.sans_path().parent
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)]
    )
