"""Targets: answers as phones send them, and definitions of forms up to where pyxform takes over."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from bench._fuzz_tables import refilled
from bench._fuzz_target import Differs, Target

CHOICES = {"yes": {"": "Yes"}, "no": {"": "No"}}
KINDS = (
    "text", "integer", "decimal", "date", "time", "datetime", "calculate", "geopoint", "image",
    "select_one", "select_multiple", "acknowledge", "range",
)  # fmt: skip
ID = "uuid:12345678-1234-4123-8123-123456789abc"


def answers(_: Path) -> Target:
    """What was taken is told again as it was counted, and what is listed may be listed."""
    from littoral.store.forms import answers as read
    from littoral.store.forms.kinds import SELECTS
    from littoral.store.forms.numbers import numbers_in, person_number

    questions: list[dict[str, Any]] = [
        {
            "path": f"/data/{'g/' * (n % 2)}{kind}",
            "kind": kind,
            "label": {"": kind},
            "open": n > 0,
            "choices": CHOICES if kind in SELECTS else {},
        }
        for n, kind in enumerate(KINDS)
    ]
    known = {q["path"]: q for q in questions}

    def run(data: bytes) -> None:
        found = read.read_submission(data, "f", "1", questions)
        told = read.all_answers(data)
        listed = [pair for pair in told if _listed(pair)]
        cut = [(p, v[: read.MOST_CHARACTERS]) for p, v in listed[: read.MOST_OPEN]]
        if cut != found.open or len(told) - len(listed) != found.answered:
            raise Differs("other answers the second time")
        computed = ("calculate", *SELECTS)
        if any(person_number(v) for p, v in found.open if known[p]["kind"] in computed):
            raise Differs("a number of a person is listed")
        numbers = {number for _, value in told for number in numbers_in(value)}
        if not numbers <= set(found.numbers) or read.numbers_of(data) != found.numbers:
            raise Differs("by a number that stands in it nobody is found")

    def _listed(pair: tuple[str, str]) -> bool:
        question = known.get(pair[0])  # none: what stands beside the answers
        return (
            question is not None
            and bool(question["open"])
            and read.fits(question["kind"], pair[1], question["choices"])
        )

    def seeds() -> list[bytes]:
        values = {
            "text": "王 138 0013 8000", "integer": "3", "decimal": "1.5", "date": "2026-11-29",
            "time": "08:30:00.000+08:00", "datetime": "2026-11-29T08:30:00.000+08:00",
            "calculate": "46010019851231001X", "geopoint": "18.2 109.5 0 0", "image": "p.jpg",
            "select_one": "yes", "select_multiple": "yes no", "acknowledge": "OK", "range": "2",
        }  # fmt: skip
        flat = "".join(f"<{k}>{values[k]}</{k}>" for k in KINDS[::2])
        grouped = "".join(f"<{k}>{values[k]}</{k}>" for k in KINDS[1::2])
        meta = f"<meta><instanceID>{ID}</instanceID></meta>"
        whole = f'<data id="f" version="1">{flat}<g>{grouped}</g>{meta}</data>'
        bare = f'<data id="f" version="1"><g>{grouped}</g><g>{grouped}</g></data>'
        named = '<x:data xmlns:x="urn:a" id="f" version="1"><x:text a="13800138000"/></x:data>'
        return [text.encode() for text in (whole, bare, named)]

    return Target(run, (read.NoSubmission,), seeds)


def forms(_: Path) -> Target:
    """By the first byte: an Excel file, its first sheet, cells, an XForm, an expression."""
    from littoral.store.forms import convert, opening, workbook, xpath
    from littoral.store.forms.checks import check
    from littoral.store.people.sheets import UnreadableFile
    from tests.store.forms.workbooks import form

    blank = form(
        ("text", "a", "甲", "A", "yes", "", ""), ("integer", "n", "数", "N", "", "", "yes")
    )

    def run(data: bytes) -> None:
        way, rest = data[:1], data[1:]
        text = rest.decode("utf-8", "replace")
        if way in (b"b", b"s"):
            found, _ = workbook.read_workbook(rest if way == b"b" else refilled(blank, rest))
            check(found, "visit.xlsx")
        elif way == b"c":
            check(_cells(text), text[:40])
        elif way == b"x":
            instance = convert.model_instance(text)
            paths = list(convert.leaves(instance))
            root = convert.fromstring(text, forbid_dtd=True)
            list(opening.not_taken(root))
            refused = opening.not_open(root, paths, paths)
            if not set(refused) <= set(paths):
                raise Differs("a question that the form does not have is refused")
        else:
            xpath.check_expression(text)
            list(xpath.references(text))

    def _cells(text: str) -> workbook.Workbook:
        """Sheets parted by a form feed, lines by a line feed, cells by a tab."""
        sheets, headings = {}, {}
        for name, part in zip(workbook.SHEETS, text.split("\f"), strict=False):
            heading, *lines = [line.split("\t") for line in part.split("\n")]
            letters = {h: f"C{n}" for n, h in enumerate(heading) if h}
            headings[name] = list(letters)
            sheets[name] = [
                workbook.Line(n, {h: v for h, v in zip(heading, cells, strict=False) if h and v},
                              letters)
                for n, cells in enumerate(lines, 2)
            ]  # fmt: skip
        return workbook.Workbook(sheets, headings)

    def seeds() -> list[bytes]:
        with zipfile.ZipFile(io.BytesIO(blank)) as book:
            sheet = book.read("xl/worksheets/sheet1.xml")
        survey = (
            "type\tname\tlabel::中文 (zh)\tcalculation\topen\tmedia::image\n"
            "begin group\tg\t家庭\t\t\t\nselect_one yn\ta\t是否\t\tyes\t\n"
            "calculate\tc\t数\t${a} + 1\tyes\t\nend group\t\t\t\t\t"
        )
        choices = "list_name\tname\tlabel\nyn\tyes\t是\nyn\tno\t否"
        settings = "form_title\tform_id\tversion\tsubmission_url\n走访\tvisit\t1\thttps://a"
        xform = convert.convert_form(blank, "visit.xlsx", "1").xform
        expressions = (
            "/data/a + 1 > count(../g[position() = 2]/n)", "if(a = 'x', b, -c) | //d",
            "concat(., @x, string(node()))", "child::a[1]/descendant-or-self::node()",
        )  # fmt: skip
        return [
            b"b" + blank, b"s" + sheet,
            b"c" + "\f".join((survey, choices, settings)).encode(),
            b"x" + xform.encode(), *(b"e" + e.encode() for e in expressions),
        ]  # fmt: skip

    refusals = (UnreadableFile, convert.FormRefused, xpath.NoExpression)
    return Target(run, refusals, seeds)
