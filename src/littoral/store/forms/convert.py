"""From an XLSForm to an ODK XForm, by pyxform, or the reasons why not, each with its place."""

from __future__ import annotations

import hashlib
import logging
import re
import xml.etree.ElementTree as Tree
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from littoral.store.forms.asked import asked_by_rows
from littoral.store.forms.checks import YES, check
from littoral.store.forms.kinds import MOST_CHOICES, SELECTS, kind_of, list_of
from littoral.store.forms.opening import XFORMS, in_meta, local, not_open, not_taken
from littoral.store.forms.workbook import Line, Workbook, language_of, plain, read_workbook
from littoral.store.forms.xpath import NoExpression, check_expression
from littoral.store.people.sheets import Fault, UnreadableFile

MOST_XFORM = 4 * 1024 * 1024  # characters
MOST_FAULTS = 200  # told; all are counted
TITLE = 200

_ROW = re.compile(r"\[row ?: ?(\d+)\]\s*", re.I)
_SHEET = re.compile(r"'(survey|choices|settings|entities|osm)' sheet", re.I)
_COLUMN = re.compile(r"'([a-z_]+)' (?:value|column)", re.I)
_TYPE = re.compile(r"question type '([^']+)'", re.I)
# What a message is about that names no column.
_MEANT = {
    "list name": "type", "question type": "type", "no type": "type", "unmatched": "type",
    "calculation": "calculation", "no name": "name", "label": "label",
}  # fmt: skip


class FormRefused(Exception):
    """It is no form that can be used; `faults` says where and why, at most MOST_FAULTS of
    `count`."""

    def __init__(self, faults: Sequence[Fault], count: int | None = None) -> None:
        super().__init__("; ".join(map(str, faults[:3])))
        self.faults = list(faults[:MOST_FAULTS])
        self.count = len(faults) if count is None else count


@dataclass(frozen=True)
class Question:
    """`path` from the root as in `/data/group/name`. `open`: its answer may be listed; what is not
    is sealed and shown masked. `choices`: labels by value and language, of a question with few.
    `sensitive`: a word by which it, or a group around it, asks for what is sensitive (`asked.py`);
    empty for none."""

    path: str
    kind: str
    label: Mapping[str, str]
    open: bool
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sensitive: str = ""


@dataclass(frozen=True)
class Converted:
    form_id: str
    version: str
    title: str
    xform: str
    sha256: str  # of the xform
    questions: tuple[Question, ...]
    warnings: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether it asks for nothing that is sealed."""
        return all(q.open for q in self.questions if q.kind != "note")

    def questions_json(self) -> list[dict[str, Any]]:
        return [asdict(q) for q in self.questions]


def convert_form(data: bytes, name: str, version: str) -> Converted:
    """`name` of the file and `version` stand in for a form_id and a version that the settings do
    not give. Raises FormRefused."""
    try:
        book, faults = read_workbook(data)
    except UnreadableFile as error:
        raise FormRefused([Fault(0, "", str(error))]) from error
    faults += check(book, name)
    if faults:
        raise FormRefused(faults)
    settings = next(iter(book.lines("settings")), Line(2, {}, {}))
    form_id = settings.of("form_id", "id_string", "set_form_id") or _id_from(name)
    version = settings.of("version") or version
    title = settings.of("form_title", "title", "set_form_title") or form_id
    xform, warnings = _xform(book, form_id, version, title)
    questions = _opened(xform, book, list(questions_of(xform, book)))
    return Converted(
        form_id, version, title[:TITLE], xform, hashlib.sha256(xform.encode()).hexdigest(),
        questions, tuple(warnings),
    )  # fmt: skip


def _id_from(name: str) -> str:
    stem = name.rpartition("/")[2].rpartition(".")[0]
    kept = re.sub(r"[^A-Za-z0-9_.-]", "_", stem)[:60].strip("._-")
    return kept if kept and not kept[0].isdigit() else f"form_{kept or 'unnamed'}"


def _xform(book: Workbook, form_id: str, version: str, title: str) -> tuple[str, list[str]]:
    settings = next(iter(book.as_given("settings")), {})
    kept = {
        h: v for h, v in settings.items()
        if plain(h) not in ("form_id", "id_string", "set_form_id", "version", "form_title",
                             "title", "set_form_title")
    }  # fmt: skip
    given: dict[str, Any] = {
        name: book.as_given(name) for name in book.sheets if name != "settings"
    }
    given |= {
        f"{name}_header": [dict.fromkeys(book.headings[name])]
        for name in book.sheets if name != "settings"
    }  # fmt: skip
    given["settings"] = [{**kept, "form_id": form_id, "version": version, "form_title": title}]
    given["settings_header"] = [dict.fromkeys(given["settings"][0])]
    given["sheet_names"] = list(book.sheets)
    given["fallback_form_name"] = form_id
    warnings: list[str] = []
    try:
        made = convert(given, warnings=warnings, form_name="data")
    except PyXFormError as error:
        raise FormRefused([_fault(str(error), book)]) from error
    except Exception as error:  # whatever a form nobody thought of makes the converter raise
        logging.getLogger(__name__).warning("a form could not be converted", exc_info=True)
        why = f"it cannot be converted: {error.__class__.__name__}: {str(error)[:300]}"
        raise FormRefused([Fault(0, "", why)]) from error
    if made.itemsets:
        why = "choices in a file beside the form (external_choices) are not supported"
        raise FormRefused([Fault(0, "", why, "external_choices")])
    if len(made.xform) > MOST_XFORM:
        raise FormRefused([Fault(0, "", f"the form has more than {MOST_XFORM:,} characters")])
    root = fromstring(made.xform, forbid_dtd=True)
    faults = [Fault(0, "", f"not supported: {why}", "survey") for why in not_taken(root)]
    if faults := [*dict.fromkeys(faults), *_expressions(root, book)]:
        raise FormRefused(faults)
    return made.xform, warnings


def _fault(said: str, book: Workbook) -> Fault:
    """The place that a message of pyxform names, and the rest of it."""
    row = int(found.group(1)) if (found := _ROW.search(said)) else 0
    sheet = found.group(1).lower() if (found := _SHEET.search(said)) else "survey"
    if not row and (found := _TYPE.search(said)):
        row = next((ln.number for ln in book.lines("survey") if kind_of(ln) == found.group(1)), 0)
    named = found.group(1).lower() if (found := _COLUMN.search(said)) else next(
        (column for words, column in _MEANT.items() if words in said.lower()), ""
    )  # fmt: skip
    line = next((ln for ln in book.sheets.get(sheet, []) if ln.number == row), None)
    column = line.column(named) if line is not None and named else named
    return Fault(row, column, _ROW.sub("", said).strip().partition("\n")[0][:1000], sheet)


_EXPRESSIONS = {
    "relevant": "relevant", "constraint": "constraint", "calculate": "calculation",
    "required": "required", "readonly": "read_only",
}  # fmt: skip


def _rows(book: Workbook) -> dict[str, Line]:
    """Rows of the survey by name, the first of each."""
    rows: dict[str, Line] = {}
    for line in book.lines("survey"):
        rows.setdefault(line.of("name", "tag", "value"), line)
    return rows


def _expressions(root: Tree.Element, book: Workbook) -> Iterator[Fault]:
    """What the phone could not compute; the converter passes it on as it stands."""
    rows = _rows(book)
    for bind in root.iter(f"{XFORMS}bind"):
        for attribute, column in _EXPRESSIONS.items():
            said = bind.get(attribute)
            if said is None:
                continue
            try:
                check_expression(said)
            except NoExpression as error:
                found = rows.get(str(bind.get("nodeset")).rpartition("/")[2])
                where = column if found is None else found.column(column, attribute)
                row = 0 if found is None else found.number
                yield Fault(row, where, f"no expression that can be computed: {error}", "survey")


def questions_of(xform: str, book: Workbook) -> Iterator[Question]:
    """Of the survey's rows, in their order, by their path in the form's own instance."""
    stack: list[str] = ["/data"]
    asked = asked_by_rows(book)
    by = {"/data": ""}  # of questions and groups, the word by which they ask for what is sensitive
    labels = dict(_choices(book))
    there = dict.fromkeys(leaves(model_instance(xform)))
    told: set[str] = set()
    for line in book.lines("survey"):
        kind, name = kind_of(line), line.of("name", "tag", "value")
        if kind in ("begin group", "begin repeat"):
            stack.append(f"{stack[-1]}/{name}")
            by[stack[-1]] = asked[line.number].sensitive
        elif kind in ("end group", "end repeat"):
            stack.pop()
        elif name and (path := f"{stack[-1]}/{name}") in there:
            label = {
                language_of(h): v
                for h, v in line.all_of("label", "caption").items()
            }  # fmt: skip
            told.add(path)
            by[path] = asked[line.number].sensitive
            yield Question(
                path, kind, label or {"": name},
                line.of("open").lower() in YES and kind != "note",
                labels.get(list_of(line), {}) if kind in SELECTS else {}, by[path],
            )  # fmt: skip
    for path in there:  # what the converter added: counts of repeats, what "other" means
        if path not in told and not in_meta(path):
            group, _, name = path.rpartition("/")
            word = by.get(path.removesuffix("_other")) or by.get(group, "")
            yield Question(path, "added", {"": name}, False, {}, word)


def _opened(xform: str, book: Workbook, questions: Sequence[Question]) -> tuple[Question, ...]:
    """Raises FormRefused for one that is declared open and is not to be."""
    declared = [q.path for q in questions if q.open]
    root = fromstring(xform, forbid_dtd=True)
    if refused := not_open(root, declared, list(leaves(model_instance(xform)))):
        rows = _rows(book)
        faults = []
        for path, why in refused.items():
            row = rows.get(path.rpartition("/")[2])
            place = (0, "open") if row is None else (row.number, row.column("open"))
            faults.append(Fault(*place, f"{why} and is not to be open", "survey"))
        raise FormRefused(faults)
    return tuple(questions)


def _choices(book: Workbook) -> Iterator[tuple[str, dict[str, dict[str, str]]]]:
    found: dict[str, dict[str, dict[str, str]]] = {}
    for line in book.lines("choices"):
        list_name = line.of("list_name")
        rows = found.setdefault(list_name, {})
        if len(rows) < MOST_CHOICES:
            rows[line.of("name", "value")] = {
                language_of(h): v for h, v in line.all_of("label", "caption").items()
            }
    yield from found.items()


def model_instance(xform: str) -> Tree.Element:
    """The form's own instance: its root with the id. Raises FormRefused for what is no XForm."""
    try:
        root = fromstring(xform, forbid_dtd=True)
    except (Tree.ParseError, DefusedXmlException, ValueError) as error:
        raise FormRefused([Fault(0, "", f"the form is no XML: {error}")]) from error
    for instance in root.iter(f"{XFORMS}instance"):
        for child in instance:
            return child
    raise FormRefused([Fault(0, "", "the form has no instance")])


def leaves(root: Tree.Element) -> Iterator[str]:
    """Paths of elements that hold no others, in their order; repeats count each time."""
    waiting = [(root, f"/{local(root.tag)}")]
    while waiting:
        element, path = waiting.pop()
        children = [c for c in element if isinstance(c.tag, str)]
        if not children:
            yield path
        waiting.extend((c, f"{path}/{local(c.tag)}") for c in reversed(children))
