"""What is looked for in a form before it is converted: what no form here asks, what the phone
cannot show, what may be listed in the open. Each fault names sheet, row and column."""

from __future__ import annotations

import re
from collections.abc import Iterator

from littoral.respond.form.words import words
from littoral.store.forms.workbook import Line, Workbook
from littoral.store.people.sheets import Fault

TYPES_WITH_FILE = frozenset({"image", "photo", "audio", "video", "file", "draw", "signature"})
# What ODK Web Forms 0.22 does not show, or what needs a file beside the form.
UNSUPPORTED = {
    "osm": "points out of OpenStreetMap (osm)",
    "barcode": "barcodes",
    "background-audio": "recording in the background",
    "background-geopoint": "a place without asking (background-geopoint)",
    "start-geopoint": "a place without asking (start-geopoint)",
    "audit": "a log of every touch (audit)",
    "select_one_from_file": "choices in a file beside the form",
    "select_multiple_from_file": "choices in a file beside the form",
    "select_one_external": "choices in a file beside the form",
    "csv-external": "data in a file beside the form",
    "xml-external": "data in a file beside the form",
    "phonenumber": "the number of the device",
    "simserial": "the number of the SIM card",
    "subscriberid": "the number of the subscriber",
    "deviceid": "the number of the device",
    "imei": "the number of the device",
    "email": "the e-mail address of the account",
    "username": "the name of the account",
}
UNSUPPORTED_SETTINGS = {
    "submission_url": "forms are sent to this server alone",
    "public_key": "submissions are sealed by this server; encryption by the form is not supported",
    "auto_delete": "the phone keeps and deletes by its own rules",
    "auto_send": "the phone sends by its own rules",
}
MEDIA = ("image", "big-image", "audio", "video", "media")
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}")
_ALIASES = {
    "select1": "select_one", "select one": "select_one", "select multiple": "select_multiple",
    "select all that apply": "select_multiple", "photo": "image", "add image prompt": "image",
    "add photo prompt": "image", "add audio prompt": "audio", "add video prompt": "video",
    "add file prompt": "file",
}  # fmt: skip


def kind_of(line: Line) -> str:
    """The type without its list: `select_one yes_no` -> `select_one`."""
    said = " ".join(line.of("type", "command").split()).lower()
    said = re.sub(r"^(begin|end)[_ ](group|repeat|loop)\b.*", r"\1 \2", said)
    for alias, kind in _ALIASES.items():
        if said == alias or said.startswith(alias + " "):
            return kind
    if said.startswith(("begin ", "end ")):
        return said
    return said.split(" ")[0] if said.startswith(("select", "rank", "osm")) else said


def check(book: Workbook) -> list[Fault]:
    return [*_settings(book), *_survey(book), *_choices(book), *_entities(book)]


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


def _survey(book: Workbook) -> Iterator[Fault]:
    for line in book.lines("survey"):
        yield from _question(line)


def _question(line: Line) -> Iterator[Fault]:
    kind, name = kind_of(line), line.of("name", "tag", "value")
    said = line.all_of("label", "caption", "hint", "guidance_hint")
    if kind in UNSUPPORTED:
        yield Fault(
            line.number, line.column("type"), f"not supported: {UNSUPPORTED[kind]}", "survey"
        )
    for heading, text in [("name", name), *said.items()]:
        if found := words().refuses([text]):
            what, word = found
            yield Fault(
                line.number, line.letters.get(heading) or line.column(heading),
                f"nobody is asked for {what} ({word!r}); see docs/limits.md", "survey",
            )  # fmt: skip
    for heading in line.all_of(*MEDIA):
        yield Fault(
            line.number, line.letters[heading], "not supported: a file beside the form", "survey"
        )
    opened = line.of("open")
    if opened and opened.lower() not in ("yes", "no", "true", "false"):
        yield Fault(line.number, line.column("open"), "open: yes or no", "survey")
    if opened.lower() not in ("yes", "true"):
        return
    word = words().is_personal([name, *line.all_of("label", "caption").values()])
    if kind in TYPES_WITH_FILE:
        yield Fault(line.number, line.column("open"), "a file is never open", "survey")
    elif word:
        why = f"it asks about a person ({word!r}) and is not to be open"
        yield Fault(line.number, line.column("open"), why, "survey")


def _choices(book: Workbook) -> Iterator[Fault]:
    for line in book.lines("choices"):
        texts = {"name": line.of("name", "value"), **line.all_of("label", "caption")}
        for heading, text in texts.items():
            if found := words().refuses([text]):
                what, word = found
                yield Fault(
                    line.number, line.letters.get(heading) or line.column(heading),
                    f"nobody is asked for {what} ({word!r}); see docs/limits.md", "choices",
                )  # fmt: skip
        for heading in line.all_of(*MEDIA):
            yield Fault(
                line.number, line.letters[heading], "not supported: a file beside the form",
                "choices",
            )  # fmt: skip


def _entities(book: Workbook) -> Iterator[Fault]:
    for line in book.lines("entities")[:1]:
        why = "not supported: entities; Littoral keeps its own lists"
        yield Fault(line.number, line.column("list_name", "dataset"), why, "entities")
    for line in book.lines("external_choices")[:1]:
        why = "not supported: choices in a file beside the form"
        yield Fault(line.number, line.column("list_name"), why, "external_choices")
