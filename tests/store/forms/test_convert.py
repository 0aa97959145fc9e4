"""XLSForm to XForm, by files as Excel writes them: what is taken, and how the rest is refused."""

from __future__ import annotations

import io
import zipfile
from importlib import resources

import pytest

from littoral.respond.form.words import words
from littoral.store.forms.answers import NoSubmission, read_submission
from littoral.store.forms.convert import FormRefused, convert_form
from littoral.store.forms.sensitive import asks
from littoral.store.forms.xpath import NoExpression, check_expression

from .workbooks import CHOICES, SETTINGS, SURVEY, book, form

SHIPPED = sorted(
    p.name for p in resources.files("littoral.store.forms").joinpath("shipped").iterdir()
)
VISIT = form(
    ("date", "day", "日期", "Day", "yes", "", "yes"),
    ("begin_group", "house", "住户", "Household"),
    ("text", "who", "姓名", "Name"),
    ("select_one yn", "home", "在家", "At home", "yes", "", "yes"),
    ("end_group",),
    ("begin_repeat", "boat", "船", "Boat"),
    ("text", "mark", "船名", "Vessel name"),
    ("integer", "crew", "船员人数", "How many on board", "", "", "yes"),
    ("end_repeat",),
    ("image", "photo", "照片", "Photo"),
)


def places(data: bytes, name: str = "visit.xlsx") -> list[tuple[str, int, str]]:
    with pytest.raises(FormRefused) as refused:
        convert_form(data, name, "1")
    assert refused.value.count == len(refused.value.faults)
    return [(f.sheet, f.row, f.column) for f in refused.value.faults]


def said(data: bytes) -> str:
    with pytest.raises(FormRefused) as refused:
        convert_form(data, "visit.xlsx", "1")
    return "; ".join(map(str, refused.value.faults))


def test_a_form_becomes_an_xform_with_its_questions_in_both_languages() -> None:
    made = convert_form(VISIT, "visit.xlsx", "x")
    assert (made.form_id, made.version, made.title) == ("visit", "1", "走访 Visit")
    assert '<data id="visit" version="1">' in made.xform
    by_path = {q.path: q for q in made.questions}
    assert list(by_path) == [
        "/data/day", "/data/house/who", "/data/house/home", "/data/boat/mark", "/data/boat/crew",
        "/data/photo",
    ]  # fmt: skip
    assert by_path["/data/day"].label == {"zh": "日期", "en": "Day"}
    assert by_path["/data/house/home"].choices["yes"] == {"zh": "是", "en": "Yes"}
    assert [q.path for q in made.questions if q.open] == [
        "/data/day", "/data/house/home", "/data/boat/crew",
    ]  # fmt: skip
    assert not made.is_open


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_forms_are_taken_in_both_languages(name: str) -> None:
    folder = resources.files("littoral.store.forms").joinpath("shipped")
    made = convert_form(folder.joinpath(name).read_bytes(), name, "1")
    assert made.form_id == name.removesuffix(".xlsx")
    assert all({"zh", "en"} <= set(q.label) for q in made.questions)
    assert 'lang="中文 (zh)"' in made.xform
    assert 'lang="English (en)"' in made.xform
    assert not made.is_open  # a photo may show somebody


def test_what_the_settings_leave_out_comes_from_file_and_time() -> None:
    data = book(survey=[("type", "name", "label"), ("text", "what", "What")])
    made = convert_form(data, "巡查 beach-1.xlsx", "20261129")
    assert (made.form_id, made.version) == ("beach-1", "20261129")
    assert 'version="20261129"' in made.xform


def test_faults_are_named_by_sheet_row_and_column_and_counted() -> None:
    data = book(
        survey=[
            (*SURVEY, "image"),
            ("text", "religion", "备注", "Note"),
            ("barcode", "code", "码", "Code"),
            ("text", "who", "=A1", "Name"),
            ("integer", "who2", "年龄", "Age", "", "", "yes"),
            ("integer", "x", "甲", "X", "", "", "perhaps"),
            ("text", "y", "乙", "Y", "", "", "", "y.png"),
        ],
        choices=[CHOICES, ("belief", "a", "佛教", "Other")],
        settings=[(*SETTINGS, "submission_url"), ("t", "1bad id", "1", "https://example.org")],
    )
    assert places(data) == [
        ("survey", 4, "C"),
        ("settings", 2, "B"), ("settings", 2, "D"),
        ("survey", 2, "B"), ("choices", 2, "C"), ("survey", 3, "A"), ("survey", 5, "G"),
        ("survey", 6, "G"), ("survey", 7, "H"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("questions", "place"),
    [
        ([("select_one nowhere", "a", "甲", "A")], ("survey", 2, "A")),
        ([("text", "a b", "甲", "A")], ("survey", 2, "B")),
        ([("text", "b", "乙", "B"), ("nonsense", "a", "甲", "A")], ("survey", 3, "A")),
        ([("begin_group", "g", "组", "G"), ("text", "a", "甲", "A")], ("survey", 2, "A")),
        ([("text", "a", "甲", "A"), ("text", "a", "甲", "A")], ("survey", 3, "B")),
        ([("text", "a", "甲", "A", "", "${b} = 1")], ("survey", 2, "F")),
        ([("text", "", "甲", "A")], ("survey", 2, "B")),
    ],
)
def test_what_pyxform_refuses_is_told_with_its_place(
    questions: list[tuple[str, ...]], place: tuple[str, int, str]
) -> None:
    (found,) = places(form(*questions))
    assert found == place


@pytest.mark.parametrize(
    "label",
    [
        "民族", "汉族", "您的宗教信仰", "政治面貌", "是否党员", "Religion of the household",
        "Ethnic group", "political views", "信用评分", "步态", "Risk score",
    ],
)  # fmt: skip
def test_nobody_is_asked_for_what_the_limits_name(label: str) -> None:
    assert "docs/limits.md" in said(form(("text", "a", label, "A")))
    assert "docs/limits.md" in said(form(("text", "a", "甲", label)))
    name = "".join(c for c in label if c.isascii()).strip().replace(" ", "_")
    if name:
        assert "docs/limits.md" in said(form(("text", name, "甲", "A")))
    choice = book(survey=[SURVEY, ("select_one l", "a", "甲", "A")],
                  choices=[CHOICES, ("l", "x", label, "x")],
                  settings=[SETTINGS, ("t", "t", "1")])  # fmt: skip
    assert "docs/limits.md" in said(choice)


@pytest.mark.parametrize(
    "label", ["民族路 12 号附近", "Trace of oil", "黎族自治县", "Facade", "Third-party net", "竞赛"]
)
def test_words_that_only_look_alike_are_asked(label: str) -> None:
    assert words().refuses([label]) is None


@pytest.mark.parametrize(
    ("label", "is_personal"),
    [
        ("姓名", True), ("联系电话", True), ("Home address", True), ("Age", True), ("Names", True),
        ("head_name", True), ("船名", False), ("Vessel name", False), ("Page", False),
        ("Damage", False), ("Image", False), ("Sea", False), ("Message", False), ("路线", False),
    ],
)  # fmt: skip
def test_what_asks_about_a_person_is_never_open(label: str, is_personal: bool) -> None:
    data = form(("integer", "a", label, label, "", "", "yes"))
    if is_personal:
        assert "not to be open" in said(data)
    else:
        assert convert_form(data, "a.xlsx", "1").is_open


def test_a_file_is_never_open() -> None:
    assert places(form(("image", "photo", "照片", "Photo", "", "", "yes"))) == [("survey", 2, "G")]


def test_untrusted_files_are_bounded() -> None:
    assert "no Excel file" in said(b"PK\x03\x04nothing")
    assert "no Excel file" in said(b"")
    assert "at most" in said(b"x" * (2 * 1024 * 1024 + 1))
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (21 * 1024 * 1024))
    assert "unpacks to too much" in said(bomb.getvalue())
    macros = io.BytesIO(VISIT)
    with zipfile.ZipFile(macros, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"x")
    assert "macros" in said(macros.getvalue())
    rows = [("note", f"n{i}", "甲", "A") for i in range(5_001)]
    assert "more than 5,000 rows" in said(form(*rows))
    assert "more than 10,000 characters" in said(form(("text", "a", "甲" * 10_001, "A")))
    assert "no sheet named survey" in said(book(units=[("code",)]))


def test_a_file_beside_the_form_is_refused_by_name() -> None:
    found = said(form(("select_one_from_file places.csv", "a", "甲", "A")))
    assert "choices in a file beside the form" in found


SUBMISSION = (
    '<data xmlns:h="http://www.w3.org/1999/xhtml" id="visit" version="1"><day>2026-11-29</day>'
    "<house><who>王伟</who><home>yes</home></house><boat><mark>琼A1</mark><crew>3</crew></boat>"
    "<boat><mark>琼A2</mark><crew>4</crew></boat><photo>p.jpg</photo>"
    "<meta><instanceID>uuid:1</instanceID></meta></data>"
)


def read(text: str) -> list[tuple[str, str]]:
    questions = convert_form(VISIT, "visit.xlsx", "1").questions_json()
    return read_submission(text.encode(), "visit", "1", questions).open


def test_only_what_is_open_is_taken_out_of_a_submission() -> None:
    assert read(SUBMISSION) == [
        ("/data/day", "2026-11-29"), ("/data/house/home", "yes"), ("/data/boat/crew", "3"),
        ("/data/boat/crew", "4"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ('id="visit"', 'id="other"'), ('version="1"', 'version="2"'), ("</data>", ""),
        ("<day>", "<religion>x</religion><day>"), ("<house>", "<house>王伟"),
        ("<data ", '<!DOCTYPE a [<!ENTITY b "c">]><data '),
        ("<day>", "<a>" * 60 + "</a>" * 60 + "<day>"),
        ("<day>", "<boat/>" * 20_001 + "<day>"),
    ],
)  # fmt: skip
def test_what_is_no_submission_of_the_form_is_refused_without_its_answers(
    was: str, now: str
) -> None:
    with pytest.raises(NoSubmission) as refused:
        read(SUBMISSION.replace(was, now))
    assert "王伟" not in str(refused.value)


@pytest.mark.parametrize(
    "said",
    [
        "true()", ". > 0 and . < 10", "/data/a = 'x' or not(selected(../b, 'y'))", "-3 + 4 * 2",
        "instance('l')/root/item[name = current()/../c]/label", "jr:itext('a-b')", "//a/@b", "/",
        "count(/data/r[position() < 3]) div 2", "regex(., '^[0-9+ -]{5,20}$')", "a | b",
        "self::node()", "../../x", "concat('a', \"it's\", 1.5, .5)", "if(a, b, '')",
        "ancestor-or-self::x[1]/text()", "(a)[1]/b", "*", "- -a", "名字 = '甲'",
    ],
)  # fmt: skip
def test_expressions_that_can_be_computed(said: str) -> None:
    check_expression(said)


@pytest.mark.parametrize(
    "said",
    [
        "",
        " ",
        "((",
        "a b",
        "because pyxform does not know",
        "a =",
        "= a",
        "f(",
        "f(a,)",
        "a[",
        "'open",
        "a +* ]",
        "#",
        "1 2",
        "a//",
        "@",
        "a::b::c",
        "a::" * 3000 + "a",
        "child::.",
        "${a}",
        "((((" * 200,
    ],
)
def test_expressions_that_cannot(said: str) -> None:
    with pytest.raises(NoExpression):
        check_expression(said)


def test_what_cannot_be_computed_is_told_by_its_cell() -> None:
    assert places(form(("text", "a", "甲", "A"), ("text", "b", "乙", "B", "yes", "((${a}"))) == [
        ("survey", 3, "F")
    ]


ASKED = ("type", "name", "label::中文 (zh)", "label::English (en)", "hint::中文 (zh)",
         "guidance_hint::English (en)", "constraint", "constraint_message::中文 (zh)",
         "required_message::English (en)", "bind::jr:requiredMsg")  # fmt: skip
FILL = ("text", "fill", "请逐项填写", "Please fill in")


def asking(*rows: tuple[str, ...]) -> list[str]:
    """Names of the questions that ask for what is sensitive."""
    made = convert_form(
        book(survey=[ASKED, *rows], choices=[CHOICES, ("yn", "yes", "是", "Yes")]), "a.xlsx", "1"
    )
    return [q["path"].rpartition("/")[2] for q in made.questions_json() if asks(q)]


@pytest.mark.parametrize(
    "more",
    [
        ("所患疾病、身份证号、银行账号",), ("", "any illness"),
        ("", "", ". != ''", "健康状况不能为空"),
        ("", "", "", "", "Bank account is wanted"), ("", "", "", "", "", "passport is wanted"),
    ],
    ids=["hint", "guidance", "constraint", "required", "bind"],
)  # fmt: skip
def test_a_question_asks_for_what_is_sensitive_by_all_that_is_shown_with_it(
    more: tuple[str, ...],
) -> None:
    assert asking((*FILL, *more), ("text", "other", "说明", "Note")) == ["fill"]


def test_and_by_the_groups_and_repeats_around_it_in_any_language() -> None:
    ill = ("begin_group", "part", "健康状况与疾病史", "Part two")
    note = ("text", "other", "说明", "Note")
    inner = ("begin_repeat", "each", "每位", "Each")
    chosen = ("select_one yn or_other", "kind", "类别", "Kind")
    assert asking(
        note, ill, FILL, inner, ("date", "since", "起", "Since"), ("end_repeat",), chosen,
        ("end_group",), ("text", "last", "备注", "Remark"),
    ) == ["fill", "since", "kind", "kind_other"]  # fmt: skip
    assert asking(
        ("begin_repeat", "each", "每位", "Each", "", "allergies of each"), FILL, ("end_repeat",),
        note,
    ) == ["fill"]  # fmt: skip
