"""Units and agencies: tiers, versions, what is shared; the packaged and the synthetic ones."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.store.people.organisations import Agency, Organisation, Unit, succeed, valid
from littoral.store.people.packaged import PROVINCE, day_us, hainan_units
from littoral.store.people.sharings import SharingRefused, Wanted
from littoral.store.people.synthetic import GRIDS, TOWNSHIPS, VILLAGES, synthetic_units

from .conftest import START_US, World

# The Ministry of Civil Affairs' list of 2024 for Hainan, cities and counties alone, as read in
# github.com/yescallop/areacodes, commit eed219a, data/2024.txt.
LIST_OF_2024 = {
    "460100": "海口市", "460200": "三亚市", "460300": "三沙市", "460400": "儋州市",
    "469001": "五指山市", "469002": "琼海市", "469005": "文昌市", "469006": "万宁市",
    "469007": "东方市", "469021": "定安县", "469022": "屯昌县", "469023": "澄迈县",
    "469024": "临高县", "469025": "白沙黎族自治县", "469026": "昌江黎族自治县",
    "469027": "乐东黎族自治县", "469028": "陵水黎族自治县", "469029": "保亭黎族苗族自治县",
    "469030": "琼中黎族苗族自治县",
}  # fmt: skip


def at(day: str) -> Organisation:
    return Organisation.of(day_us(day), hainan_units())


def test_the_packaged_cities_and_counties_are_those_of_the_yearly_list() -> None:
    now = at("2026-11-24")
    assert {c: now.units[c].name_zh for c in now.children(PROVINCE)} == LIST_OF_2024
    assert now.units[PROVINCE].tier == "province"
    assert {now.units[c].tier for c in LIST_OF_2024} == {"city"}
    assert not any(u.synthetic for u in hainan_units())


@pytest.mark.parametrize(
    ("day", "danzhou", "cities"),
    # The lists of 2011, 2014 and 2015: Sansha comes in 2012, Danzhou changes its code in 2015.
    [("2011-06-01", "469003", 18), ("2014-06-01", "469003", 19), ("2015-01-01", "460400", 19)],
)
def test_units_are_as_they_were_on_the_day(day: str, danzhou: str, cities: int) -> None:
    then = at(day)
    assert len(then.children(PROVINCE)) == cities
    assert [u.code for u in then.units.values() if u.name_zh == "儋州市"] == [danzhou]


def test_a_day_begins_at_midnight_in_china() -> None:
    # 2015-01-01T00:00+08:00 is 2014-12-31T16:00Z: date -u -d '2014-12-31 16:00' +%s
    assert day_us("2015-01-01") == 1_420_041_600_000_000


TREE = [
    Unit("p", "province", None, "省", "P", 0),
    Unit("c", "city", "p", "县", "C", 0),
    Unit("d", "city", "p", "市", "D", 0),
    Unit("t", "township", "c", "乡", "T", 0),
    Unit("g", "grid", "t", "格", "G", 0),
]


def test_ancestors_are_nearest_first_and_descendants_widest_first() -> None:
    tree = Organisation.of(0, TREE)
    assert tree.ancestors("g") == ("t", "c", "p")
    assert tree.ancestors("p") == ()
    assert tree.descendants("p") == ("c", "d", "t", "g")
    assert tree.descendants("g") == ()
    assert tree.within("g", "c")
    assert not tree.within("c", "g")
    assert not tree.within("unknown", "p")
    with pytest.raises(KeyError):
        tree.ancestors("unknown")
    with pytest.raises(KeyError):
        tree.descendants("unknown")


def test_synthetic_units_fill_the_province_and_are_marked() -> None:
    now = at("2026-11-24")
    cities = [now.units[c] for c in now.children(PROVINCE)]
    made = synthetic_units(cities, START_US)
    assert synthetic_units(cities[::-1], START_US) == made  # by the seed, not by the order
    assert synthetic_units(cities, START_US, seed=1) != made
    assert all(u.synthetic and "模拟" in u.name_zh and "Synthetic" in u.name_en for u in made)
    whole = Organisation.of(START_US, [*hainan_units(), *made])
    tiers = [whole.units[c].tier for c in whole.descendants(PROVINCE)]
    counts = {tier: tiers.count(tier) for tier in set(tiers)}
    assert counts == {"city": 19, "township": TOWNSHIPS, "village": VILLAGES, "grid": GRIDS}
    assert TOWNSHIPS + VILLAGES == 2_838  # local centres
    assert GRIDS == 9_919
    for unit in made:
        parent = whole.units[unit.parent or ""]
        assert unit.code.startswith(parent.code)
        assert unit.tier == "grid" or whole.children(unit.code)
    real = set(LIST_OF_2024) | {PROVINCE}
    assert not any(u.code.isdigit() or u.code in real for u in made)


def test_as_many_parents_as_children_at_most() -> None:
    with pytest.raises(ValueError, match="cannot be shared"):
        synthetic_units([replace(TREE[1]), replace(TREE[2])], 0, townships=1)


def test_a_new_version_ends_the_one_before(world: World) -> None:
    directory = world.directory
    renamed = Unit("469005", "city", PROVINCE, "新文昌", "New Wenchang", day_us("2027-01-01"))
    assert directory.put_units([renamed], "chief") == 2  # the new one, and the end of the old
    assert directory.put_units([renamed], "chief") == 0
    before = directory.organisation(day_us("2026-12-31")).units["469005"]
    after = directory.organisation(day_us("2027-01-01")).units["469005"]
    assert (before.name_zh, after.name_zh) == ("文昌市", "新文昌")
    assert before.valid_to_us == after.valid_from_us
    # One that comes between two others ends where the next begins.
    between = replace(renamed, name_zh="中文昌", valid_from_us=day_us("2026-12-30"))
    directory.put_units([between], "chief")
    assert directory.organisation(day_us("2027-01-01")).units["469005"].name_zh == "新文昌"
    assert directory.organisation(day_us("2026-12-31")).units["469005"].name_zh == "中文昌"


def test_the_kept_organisation_is_read_again_after_half_a_minute(world: World) -> None:
    kept = world.directory.organisation()
    world.later(29)
    assert world.directory.organisation() is kept
    world.later(2)
    assert world.directory.organisation() is not kept


@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.one_of(st.none(), st.integers(1, 30))),
        unique_by=lambda v: v[0],
        min_size=1,
    )
)
def test_versions_never_overlap(spans: list[tuple[int, int | None]]) -> None:
    versions = [
        Unit("u", "city", None, "", "", start, None if length is None else start + length)
        for start, length in spans
    ]
    chained = succeed([], versions)
    assert len(chained) == len(versions)
    for moment in range(60):
        now = [v for v in chained if valid(v, moment)]
        assert len(now) <= 1
        # The newest start wins, as long as it holds.
        newest = max(
            (v for v in versions if v.valid_from_us <= moment),
            key=lambda v: v.valid_from_us,
            default=None,
        )
        expected = [newest.valid_from_us] if newest is not None and valid(newest, moment) else []
        assert [v.valid_from_us for v in now] == expected


HAIKOU, SANYA, WENCHANG = "460100", "460200", "469005"
WATCH = Wanted(HAIKOU, WENCHANG, "incident", "joint watch of the strait")


def received(world: World, *circles: str) -> list[tuple[str, str]]:
    return [(s.kind, s.unit) for s in world.directory.organisation().received(circles)]


def test_an_agreement_is_found_by_who_receives_until_it_is_ended(world: World) -> None:
    directory = world.directory
    directory.put_agencies([Agency("cg", "coast_guard", PROVINCE, "海警", "CG", START_US)], "chief")
    shared = directory.share(WATCH, "chief")
    directory.share(Wanted(PROVINCE, "cg", "*", "by law"), "chief")
    assert received(world, WENCHANG, PROVINCE) == [("incident", HAIKOU)]
    assert received(world, SANYA, PROVINCE) == []
    assert received(world, SANYA, f"coast_guard/{PROVINCE}") == [("*", PROVINCE)]
    world.later(1)
    assert directory.unshare(shared.id, "over", "chief")
    assert not directory.unshare(shared.id, "over", "chief")
    assert received(world, WENCHANG) == []
    assert world.actions() == ["unit.write", "unit.share", "unit.share", "unit.unshare"]


def test_what_was_written_to_begin_and_end_does_so_at_its_time(world: World) -> None:
    """Also between two readings of what another process may have changed."""
    day_us = 1_000_000
    begins, ends = START_US + day_us, START_US + 3 * day_us
    world.directory.share(replace(WATCH, from_us=begins, until_us=ends), "chief")
    moved = Unit("T1", "township", HAIKOU, "镇", "Town", START_US, None, True)
    world.directory.put_units(
        [moved, replace(moved, parent=SANYA, valid_from_us=START_US + 2 * day_us)], "chief"
    )
    found = []
    for _ in range(4):
        there = world.directory.organisation()
        found.append((received(world, WENCHANG), there.ancestors("T1")[0]))
        world.later(1)
    shown = [("incident", HAIKOU)]
    assert found == [([], HAIKOU), (shown, HAIKOU), (shown, SANYA), ([], SANYA)]


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 9)), st.sets(st.integers(0, 10)))
def test_what_lies_within_is_what_is_around_seen_from_above(
    parents: dict[int, int], asked: set[int]
) -> None:
    units = [
        Unit(str(n), "village", str(parents[n]) if parents.get(n, n) > n else None, "x", "x", 0)
        for n in range(10)
        if n in parents
    ]
    there = Organisation.of(1, units)
    codes = [str(n) for n in asked]
    above = {str(n): {str(n)} | set(there.ancestors(str(n))) for n in range(10) if n in parents}
    expected = set(codes) | {code for code, around in above.items() if around & set(codes)}
    assert there.codes_within(codes) == expected


@pytest.mark.parametrize(
    ("wanted", "field", "said"),
    [
        (replace(WATCH, unit="999999"), "unit", "no unit 999999"),
        (replace(WATCH, shared_with="nobody"), "shared_with", "no unit or agency nobody"),
        (replace(WATCH, shared_with=HAIKOU), "shared_with", "its own"),
        (replace(WATCH, reason=" "), "reason", "reason"),
        (replace(WATCH, kind="person"), "kind", "must be"),
        (replace(WATCH, agency="navy"), "agency", "must be"),
        (replace(WATCH, kind="case", until_us=START_US + 1), "agency", "one agency's"),
        (replace(WATCH, kind="case", agency="police"), "ends", "366 days"),
        (replace(WATCH, from_us=START_US - 1), "begins", "past"),
        (replace(WATCH, until_us=START_US), "ends", "later"),
    ],
)
def test_a_sharing_that_makes_no_sense_is_refused(
    world: World, wanted: Wanted, field: str, said: str
) -> None:
    with pytest.raises(SharingRefused, match=said) as refused:
        world.directory.share(wanted, "chief")
    assert refused.value.field == field
