"""Where a contact may be by now: on by its course and speed, within a circle that grows.

A great circle on the sphere of `area.geodesy`, as the page draws it too (web/map/geo.ts)."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.area.geodesy import project
from littoral.respond.contact.flow import SECOND_US, Report
from littoral.respond.contact.settings import SETTINGS


@dataclass(frozen=True, slots=True)
class Reckoning:
    """How a report is reckoned on, until `until_us`. `along_mps` on `course_deg`: how its middle
    goes, 0 where it stays; `growth_mps`: of the circle's radius."""

    until_us: int
    course_deg: float
    along_mps: float
    growth_mps: float


@dataclass(frozen=True, slots=True)
class Place:
    """It is within `radius_m` of there; `is_old`: reckoned no further than some time ago."""

    lon_deg: float
    lat_deg: float
    radius_m: float
    is_old: bool


def reckoning_of(report: Report) -> Reckoning:
    """With course and speed the middle moves and the circle grows by what such a reckoning errs;
    without a course the circle grows by the speed, without a speed by what such craft make."""
    chosen = SETTINGS[report.what]
    until_us = report.heard_us + round(chosen.until_s * SECOND_US)
    if report.sog_mps is not None and (report.cog_deg is not None or report.sog_mps == 0):
        growth_mps = max(report.sog_mps * chosen.error_ratio, chosen.drift_mps)
        return Reckoning(until_us, report.cog_deg or 0.0, report.sog_mps, growth_mps)
    any_way_mps = chosen.way_mps if report.sog_mps is None else report.sog_mps
    return Reckoning(until_us, 0.0, 0.0, max(any_way_mps, chosen.drift_mps))


def reckon(report: Report, at_us: int) -> Place:
    """At `at_us`, not before it was heard."""
    found = reckoning_of(report)
    seconds = max(0, min(at_us, found.until_us) - report.heard_us) / SECOND_US
    lon_deg, lat_deg = project(
        report.lon_deg, report.lat_deg, found.course_deg, found.along_mps * seconds
    )
    radius_m = report.accuracy_m + found.growth_mps * seconds
    return Place(lon_deg, lat_deg, radius_m, at_us > found.until_us)
