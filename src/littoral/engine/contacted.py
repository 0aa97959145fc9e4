"""Contacts that people entered, in the past: as they were known then, and who was in an area."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from littoral.analyse.area import Area
from littoral.respond.contact.flow import SECOND_US, Contact, Report, Step, told
from littoral.respond.contact.reckoning import reckon, reckoning_of

STEP_US = 60 * SECOND_US  # between the places of a reckoning that are looked at


@dataclass(frozen=True, slots=True)
class Standing:
    """How a contact stood from `at_us` until its next standing."""

    at_us: int
    contact: Contact


def standings(steps: Sequence[Step], from_us: int, to_us: int) -> list[Standing]:
    """The last one at `from_us` or before, and those until `to_us`; none where nothing was known
    of it then."""
    found = [
        Standing(s.at_us, contact)
        for i, s in enumerate(steps)
        if s.at_us < to_us and (contact := told(steps[: i + 1])) is not None
    ]
    before = [s for s in found if s.at_us <= from_us]
    return [*before[-1:], *(s for s in found if s.at_us > from_us)]


@dataclass(frozen=True, slots=True)
class Visit:
    """A contact that was in an area: heard there `reports` times; `reckoned_s`: how long it was
    there by dead reckoning alone, to the minute."""

    contact: Contact
    number: int
    first_us: int
    last_us: int
    reports: int
    reckoned_s: float


def visits(
    area: Area, contacts: Iterable[tuple[Contact, int]], from_us: int, to_us: int
) -> list[Visit]:
    """By time; `contacts`: each with its number. In `from_us <= t < to_us`, by all that is known of
    it now."""
    found = [v for c, n in contacts if (v := _visit(area, c, n, from_us, to_us)) is not None]
    return sorted(found, key=lambda v: (v.first_us, v.number))


def _visit(area: Area, contact: Contact, number: int, from_us: int, to_us: int) -> Visit | None:
    places = [p for p in _places(contact) if from_us <= p[0] < to_us]
    if not places:
        return None
    t, lon, lat, is_report = (np.array(column) for column in zip(*places, strict=True))
    inside = area.holds(lon, lat)
    if not inside.any():
        return None
    reports = int(np.count_nonzero(inside & is_report))
    reckoned = int(np.count_nonzero(inside & ~is_report))
    at = t[inside]
    return Visit(
        contact, number, int(at.min()), int(at.max()), reports, reckoned * STEP_US / SECOND_US
    )


def _places(contact: Contact) -> Iterator[tuple[int, float, float, bool]]:
    """(time, longitude, latitude, whether it was reported) of each report, and of its reckoning a
    minute apart until the next one, its end or the end of reckoning."""
    ends_us = [r.heard_us for r in contact.reports[1:]] + [_last_us(contact)]
    for report, end_us in zip(contact.reports, ends_us, strict=True):
        yield report.heard_us, report.lon_deg, report.lat_deg, True
        for t in range(report.heard_us + STEP_US, min(end_us, _until_us(report)), STEP_US):
            place = reckon(report, t)
            yield t, place.lon_deg, place.lat_deg, False


def _until_us(report: Report) -> int:
    return reckoning_of(report).until_us


def _last_us(contact: Contact) -> int:
    until_us = contact.until_us
    return until_us if contact.ended is None else min(until_us, contact.ended.at_us)
