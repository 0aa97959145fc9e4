"""What the check of the repository's own habits says of texts written here."""

from __future__ import annotations

import pytest

from tools.tidy import HALF_WIDTH


# GB/T 15834-2011, 4 and 5.1: Chinese is punctuated with ， ； ： （ ） of full width.
@pytest.mark.parametrize(
    "text", ["无实时位置,从驻地起算", "缺少所需能力:{skills}", "自岸线起算, 并非界线", "外海(演示)"]
)
def test_a_half_width_sign_between_chinese_is_found(text: str) -> None:
    assert HALF_WIDTH.search(text)


@pytest.mark.parametrize(
    "text",
    ["无实时位置，从驻地起算", "名称（zh）", '("外海", "beyond")', "{h:.0f} 米", "MSC.255(84)号"],
)
def test_what_is_well_written_or_no_sentence_is_let_be(text: str) -> None:
    assert not HALF_WIDTH.search(text)
