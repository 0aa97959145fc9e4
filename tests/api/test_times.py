"""Times as files tell them, whatever is kept: no list and no print fails of one."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pydantic import BaseModel, ValidationError

from littoral.api.app import build_app
from littoral.api.params import SPAN, parse_instant_us, parse_sane_us
from littoral.api.tables import sheet
from littoral.api.wire import EPOCH, iso
from littoral.api.words import words
from littoral.api.words.times import local
from littoral.schema.span import FIRST_US, LAST_US

ANY_US = st.datetimes(timezones=st.just(UTC)).map(
    lambda t: (t - EPOCH) // timedelta(microseconds=1)
)
TABLE = sheet.Table("papers", (sheet.time("start", "at"),))


@given(ANY_US, st.timezones())
def test_every_time_is_told_in_every_zone(at_us: int, zone: ZoneInfo) -> None:
    """On the wall where the calendar has that, else as it is."""
    written = iso(at_us)
    assert parse_instant_us(written) == at_us // 1000 * 1000
    told = local(written, zone)
    try:
        there = (EPOCH + timedelta(microseconds=at_us)).astimezone(zone)
    except OverflowError:
        assert told == written
    else:
        assert told == there.replace(tzinfo=None, microsecond=0).isoformat(" ")


@given(st.lists(ANY_US, min_size=1, max_size=20), st.timezones())
def test_every_time_is_told_in_a_sheet(times: list[int], zone: ZoneInfo) -> None:
    rows = [{"at": iso(at_us)} for at_us in times]
    made = sheet.workbook(TABLE, rows, words("zh"), zone)
    (_, *found) = load_workbook(io.BytesIO(made)).worksheets[0].iter_rows(values_only=True)
    for (cell,), row in zip(found, rows, strict=True):
        if isinstance(cell, datetime):
            assert cell.isoformat(" ") == local(row["at"], zone)
        else:
            assert cell == row["at"]
            edge = parse_instant_us(cell)
            assert edge < parse_instant_us("1900-03-02T00:00:00Z") or cell.startswith("9999-12-3")


@pytest.mark.parametrize("at_us", [-(2**62), 2**62, 253_402_300_800_000_000])
def test_what_no_calendar_has_is_told_as_its_end(at_us: int) -> None:
    assert iso(at_us)[:10] in ("0001-01-01", "9999-12-31")


@given(st.datetimes(timezones=st.timezones()))
def test_times_are_taken_from_1970_to_2100(when: datetime) -> None:
    at_us = (when.astimezone(UTC) - EPOCH) // timedelta(microseconds=1) if _has_utc(when) else None
    written = when.isoformat(timespec="microseconds")
    if len(written) != len("2026-11-24T07:40:03.000000+08:00"):
        return  # an offset with seconds, of before there were zones, is none of RFC 3339
    if at_us is not None and FIRST_US <= at_us <= LAST_US:
        assert parse_sane_us(written) == at_us
    else:
        with pytest.raises(ValueError, match="must be a time from 1970-01-01T00:00:00"):
            parse_sane_us(written)


def _has_utc(when: datetime) -> bool:
    try:
        when.astimezone(UTC)
    except OverflowError:
        return False
    return True


def _models(of: type[BaseModel] = BaseModel) -> Iterator[type[BaseModel]]:
    for one in of.__subclasses__():
        yield one
        yield from _models(one)


def _taken() -> Iterator[tuple[type[BaseModel], str]]:
    """Every time in what operations take, by the document: model and field. Those of fences are
    judged with the fence (`test_geofences`)."""
    document = build_app().openapi()
    schemas = document["components"]["schemas"]
    waiting = [
        operation["requestBody"]
        for path in document["paths"].values()
        for operation in path.values()
        if "requestBody" in operation
    ]
    names = {"EvidenceAbout"}  # comes in a header
    while waiting:
        for ref in REF.findall(json.dumps(waiting.pop())):
            if ref not in names:
                names.add(ref)
                waiting.append(schemas[ref])
    by_name = {m.__name__: m for m in _models() if m.__module__.startswith("littoral.api.")}
    for name in sorted(names - {"FenceInputProperties"}):
        model = by_name[name]
        for field, said in model.model_json_schema().get("properties", {}).items():
            if any(s.get("format") == "date-time" for s in (said, *said.get("anyOf", ()))):
                yield model, field


REF = re.compile(r"#/components/schemas/(\w+)")
FIELDS = list(_taken())


@pytest.mark.parametrize(("model", "name"), FIELDS, ids=lambda x: getattr(x, "__name__", x))
def test_every_body_refuses_a_time_out_of_the_span(model: type[BaseModel], name: str) -> None:
    for written in ("0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-31T23:00:00Z"):
        with pytest.raises(ValidationError) as refused:
            model.model_validate({name: written})
        said = {e["loc"]: e["msg"] for e in refused.value.errors()}
        assert SPAN in said[(name,)]


def test_there_are_such_bodies() -> None:
    named = {(model.__name__, name) for model, name in FIELDS}
    assert named >= {("EvidenceAbout", "taken"), ("PushInput", "clock"), ("OutageInput", "start")}
    assert len(named) >= 15
