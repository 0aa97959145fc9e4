"""What of a submission counts as an answer, and which answers may be listed, at the edges."""

from __future__ import annotations

import pytest

from littoral.store.forms.answers import (
    Answers,
    NoSubmission,
    all_answers,
    read_submission,
    sealed_count,
)
from littoral.store.forms.convert import Converted, convert_form
from littoral.store.forms.kinds import MOST_CHOICES
from littoral.store.forms.own import own_values

from .workbooks import CHOICES, SETTINGS, SURVEY, YES_NO, book, form

WHO = "王伟 海甸岛和平大道三十六号"
DAY = ("date", "day", "日期", "Day", "yes", "", "yes")
ID = "<instanceID>uuid:6f1e7a7c-0d5b-4b6e-9f0a-2c7f3a1b8d42</instanceID>"


def made(data: bytes) -> Converted:
    return convert_form(data, "visit.xlsx", "1")


def read(of: Converted, inside: str, attributes: str = "") -> Answers:
    return read_submission(sent(inside, attributes), "visit", "1", *known(of))


def sent(inside: str, attributes: str = "") -> bytes:
    return f'<data id="visit" version="1"{attributes}>{inside}</data>'.encode()


def known(of: Converted) -> tuple:
    questions = of.questions_json()
    return questions, own_values(of.xform, questions)


def test_a_question_whose_name_begins_as_that_of_the_meta_group_is_one() -> None:
    of = made(form(DAY, ("text", "metal_work", "备注", "Remark")))
    inside = f"<day>2026-11-29</day><metal_work>{WHO}</metal_work><meta>{ID}</meta>"
    assert read(of, inside).answered == 1
    assert all_answers(sent(inside)) == [("/data/day", "2026-11-29"), ("/data/metal_work", WHO)]


@pytest.mark.parametrize(
    "inside",
    [
        f"<meta>{ID}<name>{WHO}</name></meta>", f"<metal>{WHO}</metal>", f"<meta>{WHO}</meta>",
        f"<meta>{ID}</meta><metadata><a>{WHO}</a></metadata>", f"<!-- {WHO} -->", f"<?x {WHO}?>",
    ],
)  # fmt: skip
def test_what_no_form_has_is_refused_wherever_it_stands(inside: str) -> None:
    with pytest.raises(NoSubmission) as refused:
        read(made(form(DAY)), f"<day>2026-11-29</day>{inside}")
    assert WHO not in str(refused.value)


@pytest.mark.parametrize(
    ("inside", "attributes"),
    [
        (f"<day>2026-11-29</day><meta><instanceID>{WHO}</instanceID></meta>", ""),
        (f"<day>2026-11-29</day><meta>{ID}<instanceName>{WHO}</instanceName></meta>", ""),
        (f'<day by="{WHO}">2026-11-29</day><meta>{ID}</meta>', ""),
        (f"<day>2026-11-29</day>{WHO}<meta>{ID}</meta>", ""),
        (f"<day>2026-11-29</day><meta>{ID}</meta>", f' by="{WHO}"'),
    ],
)
def test_what_stands_beside_answers_is_one_that_is_sealed(inside: str, attributes: str) -> None:
    """So that an open form with it is guarded as a person's, and whoever opens it sees all."""
    of = made(form(DAY))
    found = read(of, inside, attributes)
    assert (found.open, found.answered) == ([("/data/day", "2026-11-29")], 1)
    data = sent(inside, attributes)
    assert WHO in [value for _, value in all_answers(data)]
    assert sealed_count(data, *known(of)) == 1


def test_comments_that_were_taken_before_are_counted_and_looked_through() -> None:
    data = sent(f"<day>2026-11-29</day><!-- {WHO} --><meta>{ID}</meta>")
    assert sealed_count(data, *known(made(form(DAY)))) == 1
    assert f" {WHO} " in [value for _, value in all_answers(data)]


COMPUTED = ("type", "name", "label", "calculation", "open")


def computed(expression: str) -> Converted:
    survey = [
        COMPUTED, ("integer", "n", "How many", "", "yes"),
        ("select_one yn", "home", "At home", "", "yes"),
        ("calculate", "c", "", expression, "yes"),
    ]  # fmt: skip
    return made(book(survey=survey, choices=[CHOICES, *YES_NO], settings=[SETTINGS, VISIT]))


VISIT = ("走访 Visit", "visit", "1")


@pytest.mark.parametrize(
    ("value", "there"),
    [
        ("4", True), ("-1.5", True), ("2026-11-29", True), ("08:30:00.000+08:00", True),
        ("2026-11-29T08:30:00.000+08:00", True), ("true", True), ("yes", True), ("是", True),
        ("many", True), ("few", True), (WHO, False), ("王伟 患有结核病", False), ("Wang", False),
        ("13800138000", False), ("460100 199001 011234", False), ("many few", False),
    ],
)  # fmt: skip
def test_a_computed_answer_is_listed_where_the_form_itself_knows_it(
    value: str, there: bool
) -> None:
    """A phone that does not compute sends whatever it likes."""
    found = read(computed("if(${n} > 3, 'many', 'few')"), f"<n>2</n><c>{value}</c>")
    assert (("/data/c", value) in found.open) is there
    assert found.answered == (0 if there else 1)


@pytest.mark.parametrize("kind", ["select_one", "select_multiple"])
def test_of_a_long_list_every_choice_is_listed_and_nothing_else(kind: str) -> None:
    choices = [("villages", f"v{n}", f"村{n}", f"Village {n}") for n in range(MOST_CHOICES + 100)]
    question = (f"{kind} villages", "village", "村", "Village", "", "", "yes")
    data = book(survey=[SURVEY, question], choices=[CHOICES, *choices], settings=[SETTINGS, VISIT])
    of = made(data)
    last = f"v{MOST_CHOICES + 99}"
    assert read(of, f"<village>{last}</village>").open == [("/data/village", last)]
    for value in (WHO, "Wang", f"{last} Wang", f"v{MOST_CHOICES + 100}"):
        found = read(of, f"<village>{value}</village>")
        assert (found.open, found.answered) == ([], 1)
