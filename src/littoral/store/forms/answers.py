"""A submission as ODK writes it: whether it fits the form, and what of it may be listed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as Tree
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from littoral.store.forms.kinds import MOST_CHOICES, SELECTS
from littoral.store.forms.numbers import numbers_in, person_number
from littoral.store.forms.opening import local

MOST_BYTES = 1024 * 1024
MOST_ELEMENTS = 20_000
MOST_DEEP = 40
MOST_OPEN = 200  # answers that are listed of one submission
MOST_CHARACTERS = 500  # of each
MOST_NUMBERS = 1000  # of persons in one submission: more are a list of persons, no answers
MOST_COMPUTED = 100  # characters of one that is computed


class NoSubmission(Exception):
    """It is none of this form; the message says why and repeats no answer."""


@dataclass(frozen=True)
class Answers:
    """`open`: path and value of what may be listed, in the form's order, repeats each time.
    `answered`: how many others there are, with open ones that are not what was asked for.
    `numbers`: of persons that stand in it, by field of the vault."""

    instance_id: str
    open: list[tuple[str, str]]
    answered: int
    numbers: list[tuple[str, str]]


def read_submission(
    data: bytes, form_id: str, version: str, questions: Iterable[Mapping[str, Any]]
) -> Answers:
    """Raises NoSubmission."""
    if len(data) > MOST_BYTES:
        raise NoSubmission(f"it has more than {MOST_BYTES:,} bytes")
    root = _root(data)
    if local(root.tag) != "data" or root.get("id") != form_id:
        raise NoSubmission(f"it is not of the form {form_id}")
    if (root.get("version") or "") != version:
        raise NoSubmission(f"it is not of the version {version}")
    known = {q["path"]: q for q in questions}
    shown: list[tuple[str, str]] = []
    instance_id, answered = "", 0
    for path, value in _leaves(root):
        if path == "/data/meta/instanceID":
            instance_id = value[:100]
        if path.startswith("/data/meta") or not value:
            continue
        if path not in known:
            raise NoSubmission("it has an answer to a question that the form does not have")
        if known[path]["open"] and fits(known[path]["kind"], value, known[path]["choices"]):
            if len(shown) < MOST_OPEN:
                shown.append((path, value[:MOST_CHARACTERS]))
        else:
            answered += 1
    numbers = _numbers(root)
    if len(numbers) > MOST_NUMBERS:
        raise NoSubmission(f"it holds more than {MOST_NUMBERS:,} numbers of persons")
    return Answers(instance_id, shown, answered, numbers)


_TIME = r"\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?"
_NUMBER = r"[+-]?(\d{1,9}(\.\d{0,15})?|\.\d{1,15})"
_FITS = {
    "integer": r"[+-]?\d{1,9}", "decimal": _NUMBER, "range": _NUMBER, "acknowledge": "OK",
    "date": r"\d{4}-\d\d-\d\d", "time": _TIME, "datetime": rf"\d{{4}}-\d\d-\d\dT{_TIME}",
}  # fmt: skip
_FITS |= {"today": _FITS["date"], "start": _FITS["datetime"], "end": _FITS["datetime"]}
_PATTERNS = {kind: re.compile(pattern, re.ASCII) for kind, pattern in _FITS.items()}


def fits(kind: str, value: str, choices: Mapping[str, Any]) -> bool:
    """Whether a value is one that the type takes. What is not (a telephone number as a number, a
    name in the place of a choice) is sealed, whatever the form says of the question."""
    if kind in SELECTS:
        if len(choices) < MOST_CHOICES:
            return all(one in choices for one in value.split())
        return len(value) <= MOST_COMPUTED and not person_number(value)  # not all are kept
    if kind == "calculate":
        return len(value) <= MOST_COMPUTED and not person_number(value)
    pattern = _PATTERNS.get(kind)
    return pattern is not None and pattern.fullmatch(value) is not None


def numbers_of(data: bytes) -> list[tuple[str, str]]:
    """Numbers of persons, as `Answers` has them, of a submission that was taken, by whatever rules.
    Raises NoSubmission."""
    return _numbers(_root(data))


def _root(data: bytes) -> Tree.Element:
    try:
        root: Tree.Element = fromstring(data, forbid_dtd=True)
    except (Tree.ParseError, DefusedXmlException, ValueError) as error:
        raise NoSubmission(f"it is no XML: {error.__class__.__name__}") from error
    return root


def _numbers(root: Tree.Element) -> list[tuple[str, str]]:
    """Of all that stands in it, text beside answers and attributes among it, but the form's name
    and the random ids of submissions."""
    found: dict[tuple[str, str], None] = {}
    for element in root.iter():
        texts = [element.tail or ""]
        if local(str(element.tag)) not in ("instanceID", "deprecatedID"):
            texts.append(element.text or "")
        if element is not root:
            texts += element.attrib.values()
        for text in texts:
            found |= dict.fromkeys(numbers_in(text))
    return list(found)


def all_answers(data: bytes) -> list[tuple[str, str]]:
    """Path and value of each answer, of what `read_submission` took."""
    root = fromstring(data, forbid_dtd=True)
    return [(p, v) for p, v in _leaves(root) if v and not p.startswith("/data/meta")]


def _leaves(root: Tree.Element) -> Iterator[tuple[str, str]]:
    waiting = [(root, f"/{local(root.tag)}", 0)]
    count = 0
    while waiting:
        element, path, deep = waiting.pop()
        count += 1
        if count > MOST_ELEMENTS or deep > MOST_DEEP:
            raise NoSubmission("it has too many parts")
        children = [c for c in element if isinstance(c.tag, str)]
        if not children:
            yield path, (element.text or "").strip()
        elif (element.text or "").strip():
            raise NoSubmission("it has text beside its answers")
        waiting.extend((c, f"{path}/{local(c.tag)}", deep + 1) for c in reversed(children))
