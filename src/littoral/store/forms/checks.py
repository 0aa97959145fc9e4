"""What is looked for in a form before it is converted: what no form here asks, numbers of persons,
what the phone cannot show, what may be listed in the open. Each fault names sheet, row, column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from littoral.respond.form.words import words
from littoral.store.forms.asked import asked_by_rows
from littoral.store.forms.kinds import SELECTS, WITH_FILE, kind_of, why_not
from littoral.store.forms.numbers import person_number
from littoral.store.forms.workbook import Line, Workbook
from littoral.store.people.sheets import Fault

UNSUPPORTED_SETTINGS = {
    "submission_url": "forms are sent to this server alone",
    "public_key": "submissions are sealed by this server; encryption by the form is not supported",
    "auto_delete": "the phone keeps and deletes by its own rules",
    "auto_send": "the phone sends by its own rules",
}
MEDIA = ("image", "big-image", "audio", "video", "media")
# Types whose answers are one of few, a number or a time: no room for a name. A calculation is open
# where all that it refers to is (`opening.py`).
CLOSED = frozenset({
    "integer", "decimal", "range", "date", "time", "datetime", "acknowledge", "start", "end",
    "today", *SELECTS,
})  # fmt: skip
MAY_BE_OPEN = CLOSED | {"calculate"}
YES = ("yes", "true")
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}")


def check(book: Workbook, file_name: str = "") -> list[Fault]:
    """`file_name` stands in for what the settings leave out."""
    refuses = _refuses()
    named = [Fault(0, "", f"the file's name: {why}")] if (why := refuses(file_name)) else []
    return [
        *named, *_settings(book), *_texts(book, refuses), *_survey(book), *_choices(book),
        *_entities(book),
    ]  # fmt: skip


def _refuses() -> Callable[[str], str]:
    """Why a text is not taken. A text that stands in many cells is looked at once."""

    @cache
    def why(text: str) -> str:
        if found := words().refuses([text]):
            return f"nobody is asked for {found[0]} ({found[1]!r}); see docs/limits.md"
        if what := person_number(text):
            return f"{what} stands in it; a form holds nothing about persons"
        return ""

    return why


def _settings(book: Workbook) -> Iterator[Fault]:
    for line in book.lines("settings")[:1]:
        form_id = line.of("form_id", "id_string", "set_form_id")
        if form_id and not _ID.fullmatch(form_id):
            why = "form_id: letters, digits, _ . - and a letter first, at most 100"
            yield Fault(line.number, line.column("form_id", "id_string"), why, "settings")
        if len(line.of("version")) > 50:
            why = "version: at most 50 characters"
            yield Fault(line.number, line.column("version"), why, "settings")
        for name, why in UNSUPPORTED_SETTINGS.items():
            if line.of(name):
                yield Fault(line.number, line.column(name), f"{name}: {why}", "settings")


def _texts(book: Workbook, refuses: Callable[[str], str]) -> Iterator[Fault]:
    """Every cell and heading: a hint, a message, a part of a calculation is shown as a label is."""
    for sheet in book.sheets:
        letters = next((line.letters for line in book.sheets[sheet]), {})
        for heading in book.headings.get(sheet, ()):
            if why := refuses(heading):
                yield Fault(1, letters.get(heading, heading), why, sheet)
        for line in book.lines(sheet):
            for heading, text in line.cells.items():
                if why := refuses(text):
                    yield Fault(line.number, line.letters[heading], why, sheet)


def _survey(book: Workbook) -> Iterator[Fault]:
    asked = asked_by_rows(book)
    for line in book.lines("survey"):
        if why := why_not(line):
            yield Fault(line.number, line.column("type"), f"not supported: {why}", "survey")
        for heading in line.all_of(*MEDIA):
            why = "not supported: a file beside the form"
            yield Fault(line.number, line.letters[heading], why, "survey")
        kind = kind_of(line)
        if kind and not kind.startswith(("begin ", "end ")):
            by = asked[line.number]
            yield from _opened(line, kind, by.personal or by.sensitive)


def _opened(line: Line, kind: str, word: str) -> Iterator[Fault]:
    """`word`: by which it asks about a person."""
    opened = line.of("open").lower()
    why = ""
    if opened and opened not in (*YES, "no", "false"):
        why = "open: yes or no"
    elif opened not in YES or kind == "note":
        return
    elif kind in WITH_FILE:
        why = "a file is never open"
    elif kind not in MAY_BE_OPEN:
        why = f"open: not for {kind}; for choices, numbers, dates, times and what is computed alone"
    elif word:
        why = f"it asks about a person ({word!r}) and is not to be open"
    if why:
        yield Fault(line.number, line.column("open"), why, "survey")


def _choices(book: Workbook) -> Iterator[Fault]:
    for line in book.lines("choices"):
        for heading in line.all_of(*MEDIA):
            why = "not supported: a file beside the form"
            yield Fault(line.number, line.letters[heading], why, "choices")


def _entities(book: Workbook) -> Iterator[Fault]:
    for line in book.lines("entities")[:1]:
        why = "not supported: entities; Littoral keeps its own lists"
        yield Fault(line.number, line.column("list_name", "dataset"), why, "entities")
    for line in book.lines("external_choices")[:1]:
        why = "not supported: choices in a file beside the form"
        yield Fault(line.number, line.column("list_name"), why, "external_choices")
