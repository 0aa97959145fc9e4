"""What of a form may be listed, and what an XLSForm may not bring in under another heading."""

from __future__ import annotations

import time

import pytest

from littoral.store.forms.answers import fits, read_submission
from littoral.store.forms.convert import FormRefused, convert_form
from littoral.store.forms.numbers import person_number
from littoral.store.forms.xpath import references

from .workbooks import CHOICES, SETTINGS, SURVEY, YES_NO, book

HEADINGS = ("type", "name", "label", "hint", "calculation", "default", "open", "relevant")
PERSON = "11010519491231002X"  # the example of GB 11643-1999


def of(*questions: tuple[str, ...], heading: tuple[str, ...] = HEADINGS, title: str = "t") -> bytes:
    return book(
        survey=[heading, *questions],
        choices=[CHOICES, *YES_NO],
        settings=[SETTINGS, (title, "f", "1")],
    )


def said(data: bytes) -> str:
    with pytest.raises(FormRefused) as refused:
        convert_form(data, "f.xlsx", "1")
    return "; ".join(map(str, refused.value.faults))


WHO = ("text", "who", "姓名", "", "", "", "")
COUNT = ("integer", "count", "数量", "", "", "", "yes")
GROUP = ("begin_group", "g", "组", "", "", "", "")
END = ("end_group",)


@pytest.mark.parametrize(
    "kind",
    ["text", "string", "q string", "geopoint", "gps", "hidden", "phone number", "geotrace"],
)
def test_free_text_and_places_are_never_open(kind: str) -> None:
    found = said(of((kind, "q", "甲", "", "", "1" if kind == "hidden" else "", "yes")))
    assert "sheet survey, row 2, column G: open: not for" in found


@pytest.mark.parametrize("kind", ["image", "photo", "q picture", "audio", "add file prompt"])
def test_a_file_is_never_open_by_any_of_its_names(kind: str) -> None:
    assert "a file is never open" in said(of((kind, "q", "甲", "", "", "", "yes")))


@pytest.mark.parametrize(
    "calculation",
    [
        "concat(${who}, '/')", "${who}", "../who", "//who", "/data/who", "string(..)", "/data/*",
        "concat(/data/*[1])", "string(/data/.)", "string(/)", "/data/node()", "1 * /data/*",
        "descendant::who", "following::*", "string(/data)", "${count} and *", "string(./..)",
        "/data/g[1]", "${inner}", "concat(${count}, ${twice})",
    ],
)  # fmt: skip
def test_a_calculation_is_not_open_where_it_reads_what_is_sealed(calculation: str) -> None:
    found = said(of(
        WHO, COUNT, GROUP, ("text", "inner", "甲", "", "", "", ""), END,
        ("calculate", "twice", "", "", "concat(${who}, 'x')", "", ""),
        ("calculate", "sum", "", "", calculation, "", "yes"),
    ))  # fmt: skip
    assert "sheet survey, row 8, column G" in found
    assert "computed from what is not open" in found


def test_a_calculation_of_what_is_open_is_open_and_the_rest_falls_with_it() -> None:
    good = of(WHO, COUNT, ("calculate", "sum", "", "", "${count} * 2", "", "yes"),
              ("calculate", "more", "", "", "${sum} + 1", "", "yes"))  # fmt: skip
    made = convert_form(good, "f.xlsx", "1")
    assert [q.path for q in made.questions if q.open] == ["/data/count", "/data/sum", "/data/more"]
    assert not made.is_open
    bad = of(WHO, ("calculate", "sum", "", "", "string-length(${who})", "", "yes"),
             ("calculate", "more", "", "", "${sum} + 1", "", "yes"))  # fmt: skip
    found = said(bad)
    assert "row 3, column G" in found
    assert "row 4, column G" in found


def test_an_open_question_takes_no_sealed_answer_by_a_default_or_by_its_choices() -> None:
    data = of(WHO, ("integer", "n", "数量", "", "", "${who}", "yes"))
    assert "computed from what is not open" in said(data)
    members = of(
        ("begin_repeat", "r", "船", "", "", "", ""),
        ("text", "mark", "甲", "", "", "", ""),
        ("end_repeat",),
        ("select_one ${mark}", "one", "哪个", "", "", "", "yes"),
    )
    assert "its choices come from answers" in said(members)


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("/data/a + ../b * c", ["a", "b", "c"]), ("count(/data/r) > . and . < 3", ["r"]),
        ("a * *", ["a", "*"]), ("a and *", ["a", "*"]), ("div div div", ["div", "div"]),
        ("instance('l')/root/item[name = current()/../q]/label", ["item", "name", "q", "label"]),
        ("if(a, 'b', \"c\")", ["a"]), ("..", ["*"]), ("../x:y", ["y"]), ("/", ["*"]),
    ],
)  # fmt: skip
def test_what_an_expression_reads(expression: str, names: list[str]) -> None:
    assert list(references(expression)) == names


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("hint", "写姓名、电话"), ("guidance hint", "his name"), ("constraint message", "电话"),
        ("Required_Message", "identity card"), ("label::zh", "身份证"),
        ("bind::jr:constraintMsg", "the phone"),
    ],
)  # fmt: skip
def test_words_about_a_person_are_looked_for_in_all_that_is_shown(heading: str, text: str) -> None:
    data = of(
        ("integer", "q", "甲", "yes", text), heading=("type", "name", "label", "open", heading)
    )
    assert "is not to be open" in said(data)


def test_words_about_a_person_count_for_all_within_a_group_and_for_choices() -> None:
    group = ("begin_group", "g", "户主姓名、电话", "", "", "", "")
    assert "is not to be open" in said(of(group, COUNT, END))
    assert convert_form(of(group, WHO, END, COUNT), "f.xlsx", "1")
    data = book(survey=[SURVEY, ("select_one l", "q", "甲", "A", "", "", "yes")],
                choices=[CHOICES, ("l", "a", "健康", "x"), ("l", "b", "乙", "y")],
                settings=[SETTINGS, ("t", "t", "1")])  # fmt: skip
    assert "is not to be open" in said(data)


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("guidance hint", "请写宗教信仰"), ("constraint message", "religion"), ("default", "佛教"),
        ("calculation", "'宗教信仰'"), ("label::宗教", "甲"),
    ],
)  # fmt: skip
def test_what_nobody_is_asked_for_is_looked_for_in_every_cell(heading: str, text: str) -> None:
    kind = "calculate" if heading == "calculation" else "text"
    data = of((kind, "q", "甲", text), heading=("type", "name", "label", heading))
    assert "docs/limits.md" in said(data)
    assert "docs/limits.md" in said(of(WHO, title="宗教信仰、民族成分调查"))


@pytest.mark.parametrize(
    "text",
    [
        "王伟 13800138000", "王伟 138 0013 8000", "+86 138-0013-8000", f"王伟{PERSON}",
        "１３８００１３８０００", "110105 19491231 002x",
    ],
)  # fmt: skip
def test_no_text_of_a_form_holds_the_number_of_a_person(text: str) -> None:
    assert person_number(text)
    choice = book(survey=[SURVEY, ("select_one r", "q", "谁在家", "Who")],
                  choices=[CHOICES, ("r", "a", text, "x")],
                  settings=[SETTINGS, ("t", "t", "1")])  # fmt: skip
    found = said(choice)
    assert "sheet choices, row 2, column C" in found
    assert "13800138000" not in found
    assert "number stands in it" in said(of(("text", "q", "甲", text, "", "", "")))
    assert "number stands in it" in said(of(WHO, title=text))
    with pytest.raises(FormRefused):
        convert_form(of(WHO), f"{text}.xlsx", "1")


@pytest.mark.parametrize(
    "text",
    [
        "110105194912310021", "20261129123456", "regex(., '^1[3-9][0-9]{9}$')", "12345",
        "898-66668888", "18.253, 109.503; 18.255, 109.511",
    ],
)  # fmt: skip
def test_other_numbers_are_none_of_a_person(text: str) -> None:
    assert person_number(text) == ""


@pytest.mark.parametrize(
    "kind",
    [
        "get phone number", "uri:phonenumber", "uri:deviceid", "device_id", "uri:username",
        "add barcode prompt", "q barcode", "sim id", "get subscriber id", "nonsense", "include",
        "select one from file a.csv", "select_one_from_file a.csv", "set form id", "OSM l", "audit",
    ],
)  # fmt: skip
def test_only_known_types_are_taken(kind: str) -> None:
    assert "sheet survey, row 2, column A: not supported" in said(of((kind, "q", "甲")))


@pytest.mark.parametrize(
    "heading",
    [
        "submission url",
        "Submission_URL",
        " submission  url ",
        "auto send",
        "Auto_Delete",
        "public key",
    ],
)
def test_settings_are_refused_however_they_are_written(heading: str) -> None:
    data = book(
        survey=[SURVEY, ("text", "q", "甲", "A")],
        settings=[("form_title", "form_id", heading), ("t", "f", "http://a.example/x")],
    )
    assert "sheet settings, row 2, column C" in said(data)


@pytest.mark.parametrize(
    "headings",
    [
        {"bind::jr:preload": "property"}, {"media::image": "a.png"}, {"Image": "a.png"},
        {"bind::jr:preload": "property", "bind::jr:preloadParams": "deviceid"},
    ],
)  # fmt: skip
def test_the_xform_itself_is_looked_at(headings: dict[str, str]) -> None:
    row = ("text", "q", "甲", *headings.values())
    assert "not supported" in said(of(row, heading=("type", "name", "label", *headings)))


def test_data_beside_the_form_is_refused_in_an_expression_too() -> None:
    data = of(("calculate", "c", "", "", "pulldata('fruits', 'a', 'b', 'c')", "", ""))
    assert "a file beside the form" in said(data)


def test_headings_and_questions_keep_their_meaning_in_other_letters() -> None:
    data = book(
        survey=[("TYPE", "Name", "Label", "Open"), ("select one from yn", "q", "甲", "Yes")],
        choices=[("list name", "name", "label"), ("yn", "yes", "是")],
        settings=[("Form Title", "Form ID", "version"), ("题", "the_form", "3")],
    )
    made = convert_form(data, "f.xlsx", "1")
    assert (made.form_id, made.version, made.title, made.is_open) == ("the_form", "3", "题", True)
    assert (made.questions[0].kind, list(made.questions[0].choices)) == ("select_one", ["yes"])


@pytest.mark.parametrize(
    ("kind", "value", "there"),
    [
        ("integer", "12", True), ("integer", "13800138000", False), ("integer", "王伟", False),
        ("decimal", "-1.5", True), ("date", "2026-11-29", True), ("date", "王伟", False),
        ("time", "08:30:00.000+08:00", True), ("datetime", "2026-11-29T08:30:00.000+08:00", True),
        ("select_one", "yes", True), ("select_one", "王伟", False),
        ("select_multiple", "yes no", True), ("acknowledge", "OK", True), ("text", "x", False),
        ("calculate", "24", True), ("calculate", "13800138000", False), ("added", "1", False),
    ],
)  # fmt: skip
def test_a_value_that_is_not_what_was_asked_for_is_sealed(
    kind: str, value: str, there: bool
) -> None:
    choices = {"yes": {}, "no": {}}
    assert fits(kind, value, choices) is there
    question = {"path": "/data/q", "kind": kind, "open": True, "choices": choices, "label": {}}
    sent = f'<data id="f" version="1"><q>{value}</q></data>'.encode()
    found = read_submission(sent, "f", "1", [question])
    assert (found.open, found.answered) == (([("/data/q", value)], 0) if there else ([], 1))


def test_a_form_with_the_same_text_everywhere_is_looked_at_in_no_time() -> None:
    rows = [("text", f"q{n}", *["a b-c_D " * 1240] * 8) for n in range(12)]
    data = of(*rows, heading=("type", "name", *(f"label::l{i}" for i in range(8))))
    began = time.process_time()
    convert_form(data, "f.xlsx", "1")
    assert time.process_time() - began < 5


def test_a_form_holds_no_more_than_a_million_characters() -> None:
    rows = [("text", f"q{n}", *["甲" * 9_000] * 8) for n in range(15)]
    data = of(*rows, heading=("type", "name", *(f"label::l{i}" for i in range(8))))
    assert "more than 1,000,000 characters" in said(data)
