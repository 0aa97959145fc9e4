"""Search by name, number and Chinese name. Readings of characters: Xiandai Hanyu Cidian."""

from __future__ import annotations

import pytest

from littoral.api.pinyin import MAX_SPELLINGS, spellings
from littoral.api.search_index import Hit, SearchIndex
from littoral.engine.fleet_view import next_view

from .fleets import NOW_US, fleet_of, view_of


def found(query: str, *vessels: dict, limit: int = 10) -> list[tuple[int, str, str]]:
    return [tuple(hit) for hit in SearchIndex().search(view_of(*vessels), query, limit)]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("琼临渔", b"QIONG LIN YU 01234"),
        ("琼临渔01234", b"QIONGLINYU01234"),
        ("琼临渔 1234", b"QIONG LIN YU 01234"),
        ("琼临渔０１２３４", b"QIONG LIN YU 01234"),  # full-width digits
        ("重庆", b"CHONG QING"),  # 重: chong in the word, zhong alone
        ("重任", b"ZHONG REN"),
        ("长乐", b"CHANG LE"),  # 长: chang, zhang; 乐: le, yue
        ("长乐", b"ZHANG YUE"),
        ("厦门", b"XIA MEN"),  # 厦: xia in the name, sha alone
        ("厦门", b"SHA MEN"),
        ("银行", b"YIN HANG"),
        ("远行", b"YUAN XING"),  # 行: xing, hang
        ("绿洲", b"LV ZHOU"),
        ("绿洲", b"LYU ZHOU"),
        ("绿洲", b"LU ZHOU"),
        ("海南号", b"HAI NAN"),
        ("海南号", b"HAI NAN HAO"),
        ("qiong lin", b"QIONG LIN YU 01234"),
        ("Qióng-Lín", b"QIONG LIN YU 01234"),
        ("LINYU", b"QIONG LIN YU 01234"),
    ],
)
def test_names(query: str, name: bytes) -> None:
    hits = found(query, {"name": b"OTHER SHIP"}, {"name": name})
    assert [row for row, _, _ in hits] == [1]
    assert hits[0][1] == "name"


def test_whole_before_beginning_before_part() -> None:
    vessels = [{"name": n} for n in (b"XIN HAI YANG", b"HAI YANG 9", b"HAIYANG", b"HAI")]
    assert found("海洋", *vessels) == [
        (2, "name", "exact"),
        (1, "name", "prefix"),
        (0, "name", "substring"),
    ]


def test_newest_first_among_equals_and_limit() -> None:
    vessels = [{"name": b"HAI %d" % i, "last_us": NOW_US - i} for i in (3, 1, 2)]
    assert [row for row, _, _ in found("hai", *vessels, limit=2)] == [1, 2]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("412000001", [(0, "mmsi", "exact")]),
        ("4120000", [(0, "mmsi", "prefix"), (1, "mmsi", "prefix")]),
        ("0002", [(1, "mmsi", "substring")]),
        ("MMSI: 412000002", [(1, "mmsi", "exact")]),
        ("imo 9074729", [(1, "imo", "exact")]),
        ("9074", [(1, "imo", "prefix")]),
        ("BKLM", [(0, "call_sign", "prefix")]),
        ("bklm5", [(0, "call_sign", "exact")]),
        ("no such ship", []),
        ("☆", []),
        ("   ", []),
        ("\n", []),
    ],
)
def test_numbers_and_call_signs(query: str, expected: list) -> None:
    vessels = ({"call_sign": b"BKLM5"}, {"imo": 9074729})
    assert found(query, *vessels) == expected


def test_a_coast_station_keeps_its_zeros() -> None:
    assert found("004120001", {"mmsi": 4120001}) == [(0, "mmsi", "exact")]


def test_index_follows_renaming_growth_and_a_new_generation() -> None:
    index = SearchIndex()
    view = view_of({"name": b"ALPHA"})
    assert index.search(view, "alpha", 5) == [Hit(0, "name", "exact")]
    view = next_view(view, fleet_of({"name": b"BRAVO"}, {"name": b"ALPHA 2"}), NOW_US)
    assert index.search(view, "alpha", 5) == [Hit(1, "name", "prefix")]
    view = next_view(view, fleet_of({"name": b"CHARLIE"}), NOW_US, generation=1)
    assert index.search(view, "alpha", 5) == []
    assert index.search(view, "charlie", 5) == [Hit(0, "name", "exact")]


def test_spellings_are_bounded_and_begin_with_the_likely_one() -> None:
    many = spellings("长乐重行" * 8)
    assert len(many) == MAX_SPELLINGS
    assert spellings("重庆")[0] == "CHONGQING"
    assert spellings("") == []
