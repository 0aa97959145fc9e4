"""A submission as ODK writes it: whether it fits the form, and what of it may be listed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as Tree
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from littoral.store.forms.kinds import SELECTS
from littoral.store.forms.numbers import numbers_in, person_number
from littoral.store.forms.opening import META, local
from littoral.store.forms.own import Own
from littoral.store.forms.sensitive import asks

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
    data: bytes,
    form_id: str,
    version: str,
    questions: Iterable[Mapping[str, Any]],
    own: Own | None = None,
) -> Answers:
    """`own`: as `own_values` gives them. Raises NoSubmission."""
    if len(data) > MOST_BYTES:
        raise NoSubmission(f"it has more than {MOST_BYTES:,} bytes")
    root, beside = _parsed(data)
    if local(root.tag) != "data" or root.get("id") != form_id:
        raise NoSubmission(f"it is not of the form {form_id}")
    if (root.get("version") or "") != version:
        raise NoSubmission(f"it is not of the version {version}")
    if beside:
        raise NoSubmission("it has comments or instructions")
    known = by_path(questions)
    for path, value in _leaves(root):
        if value and path not in known and path not in _ADDED:
            raise NoSubmission("it has an answer to a question that the form does not have")
    shown, answered = _sorted(root, known, own or {})
    numbers = _numbers(root, beside)
    if len(numbers) > MOST_NUMBERS:
        raise NoSubmission(f"it holds more than {MOST_NUMBERS:,} numbers of persons")
    ids = (v[:100] for p, v in _leaves(root) if p == f"{META}/instanceID")
    return Answers(next(ids, ""), shown, answered, numbers)


def sealed_count(data: bytes, questions: Iterable[Mapping[str, Any]], own: Own) -> int:
    """How many answers of a submission that was taken, by whatever rules, may not be listed. Raises
    NoSubmission."""
    root, beside = _parsed(data)
    return _sorted(root, by_path(questions), own)[1] + len(beside)


def _sorted(
    root: Tree.Element, known: Mapping[str, Mapping[str, Any]], own: Own
) -> tuple[list[tuple[str, str]], int]:
    """What may be listed, and how many others there are."""
    shown: list[tuple[str, str]] = []
    answered = 0
    for path, value in _answers(root):
        question = known.get(path)
        if question is not None and may_be_listed(question, value, own):
            if len(shown) < MOST_OPEN:
                shown.append((path, value[:MOST_CHARACTERS]))
        else:
            answered += 1
    return shown, answered


def by_path(questions: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Those of a form. What is sensitive is not open, whatever a form of before says."""
    return {q["path"]: {**q, "open": q["open"] and not asks(q)} for q in questions}


def may_be_listed(question: Mapping[str, Any], value: str, own: Own) -> bool:
    """`question`: as `by_path` has it."""
    choices = own.get(question["path"], question["choices"])
    return question["open"] and fits(question["kind"], value, choices)


_TIME = r"\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?"
_NUMBER = r"[+-]?(\d{1,9}(\.\d{0,15})?|\.\d{1,15})"
_FITS = {
    "integer": r"[+-]?\d{1,9}", "decimal": _NUMBER, "range": _NUMBER, "acknowledge": "OK",
    "date": r"\d{4}-\d\d-\d\d", "time": _TIME, "datetime": rf"\d{{4}}-\d\d-\d\dT{_TIME}",
}  # fmt: skip
_FITS |= {"today": _FITS["date"], "start": _FITS["datetime"], "end": _FITS["datetime"]}
_TRUTH = frozenset({"true", "false"})
_PATTERNS = {kind: re.compile(pattern, re.ASCII) for kind, pattern in _FITS.items()}
_COMPUTED = tuple(_PATTERNS[kind] for kind in ("decimal", "date", "time", "datetime"))
_IDS = (f"{META}/instanceID", f"{META}/deprecatedID")
_ADDED = (*_IDS, f"{META}/instanceName")  # by ODK, to every form
_RANDOM = re.compile(r"(uuid:)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.I)


def fits(kind: str, value: str, own: Collection[str]) -> bool:
    """Whether a value is one that the type takes, `own` those that the form itself knows. What is
    not (a telephone number as a number, a name in the place of a choice, a text where a number is
    computed) is sealed, whatever the form says of the question."""
    if kind in SELECTS:
        return all(one in own for one in value.split())
    if kind == "calculate":
        if len(value) > MOST_COMPUTED or person_number(value):
            return False
        return value in own or value in _TRUTH or any(p.fullmatch(value) for p in _COMPUTED)
    pattern = _PATTERNS.get(kind)
    return pattern is not None and pattern.fullmatch(value) is not None


def numbers_of(data: bytes) -> list[tuple[str, str]]:
    """Numbers of persons, as `Answers` has them, of a submission that was taken, by whatever rules.
    Raises NoSubmission."""
    return _numbers(*_parsed(data))


class _Builder(Tree.TreeBuilder):
    """Keeps what stands beside the elements too: comments, instructions to programs."""

    def __init__(self) -> None:
        super().__init__()
        self.beside: list[str] = []

    def comment(self, text: str | None) -> None:  # type: ignore[override]
        self.beside.append(text or "")

    def pi(self, target: str, text: str | None = None) -> None:  # type: ignore[override]
        self.beside.append(f"{target} {text or ''}")


def _parsed(data: bytes) -> tuple[Tree.Element, list[str]]:
    builder = _Builder()
    parser = XMLParser(target=builder, forbid_dtd=True)
    try:
        parser.feed(data)
        root: Tree.Element = parser.close()
    except (Tree.ParseError, DefusedXmlException, ValueError) as error:
        raise NoSubmission(f"it is no XML: {error.__class__.__name__}") from error
    return root, builder.beside


def _numbers(root: Tree.Element, beside: Iterable[str]) -> list[tuple[str, str]]:
    """Of all that stands in it, text beside answers and attributes among it, but the form's name
    and the random ids of submissions."""
    found: dict[tuple[str, str], None] = {}
    for text in beside:
        found |= dict.fromkeys(numbers_in(text))
    for element in root.iter():
        texts = [element.tail or ""]
        said = element.text or ""
        is_id = local(str(element.tag)) in ("instanceID", "deprecatedID")
        if not (is_id and _RANDOM.fullmatch(said.strip())):
            texts.append(said)
        if element is not root:
            texts += element.attrib.values()
        for text in texts:
            found |= dict.fromkeys(numbers_in(text))
    return list(found)


def all_answers(data: bytes) -> list[tuple[str, str]]:
    """Path and value of each answer, of what `read_submission` took."""
    root, beside = _parsed(data)
    return [*_answers(root), *(("", text) for text in beside)]


def _answers(root: Tree.Element) -> Iterator[tuple[str, str]]:
    """All that somebody may have written: answers, attributes (`/@`), text beside (`/text()`). Not
    what every submission has: its form and version, its random id."""
    for path, value in _leaves(root):
        if value and not (path in _IDS and _RANDOM.fullmatch(value)):
            yield path, value
    for element in root.iter():
        path = f"/{local(element.tag)}" if element is root else f"//{local(element.tag)}"
        for name, value in element.attrib.items():
            if value.strip() and (element is not root or name not in ("id", "version")):
                yield f"{path}/@{local(name)}", value.strip()
        if tail := (element.tail or "").strip():
            yield f"{path}/text()", tail


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
