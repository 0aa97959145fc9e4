"""The duty of the demonstration: a roster whose watch is the one that stands now, by the machine's
clock, as a watch's roster is."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import resources

from littoral.respond.duty.regulation import regulation_of
from littoral.respond.duty.shifts import Plan, shift_at
from littoral.respond.duty.wall import day_of

BACK = timedelta(days=10)
PROVINCE, COUNTY = "province", "county"


def teams_at(regulation: str, now_us: int) -> tuple[date, str, list[str]]:
    """First day of the roster, the shift before the one that has the watch, and the teams: the one
    that has it, the one before, and then the others in the order in which they come."""
    folder = resources.files("littoral.respond.duty").joinpath("regulations")
    rules = regulation_of(folder.joinpath(f"{regulation}.toml").read_text("utf-8"))
    first = day_of(now_us, rules.zone) - BACK
    plans = [Plan(first, rules, {})]
    now = shift_at(plans, now_us)
    assert now is not None  # the roster began ten days ago
    before = shift_at(plans, now.begin_us - 1)
    assert before is not None
    order = [now.team, before.team]
    coming = now
    while len(set(order)) < len(rules.teams):
        following = shift_at(plans, coming.end_us)
        assert following is not None
        coming = following
        if coming.team not in order:
            order.append(coming.team)
    return first, before.key, list(dict.fromkeys(order))
