"""Which alerts stand together: those of one thing or one cause, and those of one rule in one place,
told within ten minutes. Pure: what an alert's group is follows from the alerts told before it.

A group is named after its first alert, and what may join it is measured from that one: ten minutes
from when it was told, two nautical miles from where it was. So no chain of vessels that pass each
other grows over the hour or along the coast.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from littoral.area.geodesy import haversine_m
from littoral.schema.finding import EMERGENCY_ALARM, NOTED

# In which a watch officer can attend to one alert (EEMUA 191), and by which load is counted.
WINDOW_US = 600_000_000
PLACE_M = 3704.0  # two nautical miles: what one look at the chart takes in
ABOUT_A_DEGREE_M = 110_000.0  # of latitude, at least


@dataclass(frozen=True, slots=True)
class Told:
    """What of an alert decides where it stands. `told_us`: event time at which it was first told;
    `causes`: as `causes_of` gives them."""

    id: str
    told_us: int
    priority: int
    rule: str
    kind: str
    causes: frozenset[str]
    lon_deg: float | None = None
    lat_deg: float | None = None

    @property
    def order(self) -> tuple[int, int, str]:
        """By which alerts are told: of those of one moment the most urgent first."""
        return (self.told_us, self.priority, self.id)


def causes_of(key: str, things: Iterable[str], held_by: str | None) -> frozenset[str]:
    """What an alert shares with others of its group: its vessels and receivers, what explains it,
    and itself, by which it may explain others. An area is a place and no cause: vessels that enter
    one fence have nothing else in common."""
    found = {thing for thing in things if not thing.startswith("area:")}
    found.add(f"alert:{key}")
    if held_by is not None:
        found.add(held_by)
    return frozenset(found)


class Groups:
    """Alerts with their groups; `place` adds one."""

    def __init__(self, known: Iterable[tuple[Told, str]] = ()) -> None:
        self._firsts: dict[str, Told] = {}
        self._by_cause: dict[str, set[str]] = {}
        self._by_rule: dict[tuple[str, str], list[Told]] = {}
        for alert, group in known:
            self._add(alert, group)

    def place(self, alert: Told) -> str:
        """The group that it joins: of those that share a cause, else of those of the place, the
        one that was told last; else its own. What is only noted stands alone."""
        group = alert.id
        if alert.priority < NOTED:
            shared = {g for cause in alert.causes for g in self._by_cause.get(cause, ())}
            firsts = [self._firsts[g] for g in shared if g in self._firsts]
            near = [f for f in firsts if _in_time(f, alert)] or self._near(alert)
            group = max(near, key=lambda f: f.order).id if near else alert.id
            self._add(alert, group)
        return group

    def _near(self, alert: Told) -> list[Told]:
        firsts = self._by_rule.get((alert.rule, alert.kind), ())
        return [f for f in firsts if _in_time(f, alert) and _in_place(f, alert)]

    def _add(self, alert: Told, group: str) -> None:
        for cause in alert.causes:
            self._by_cause.setdefault(cause, set()).add(group)
        if group == alert.id:
            self._firsts[group] = alert
            self._by_rule.setdefault((alert.rule, alert.kind), []).append(alert)


def groups_of(alerts: Iterable[Told]) -> dict[str, str]:
    """The group of each, by id."""
    made = Groups()
    return {a.id: made.place(a) for a in sorted(alerts, key=lambda a: a.order)}


def calls(priority: int, called: Collection[int]) -> bool:
    """Whether it is annunciated by itself: the first of its group, whatever is more urgent than
    all for which the group was annunciated (their priorities: `called`), and each emergency."""
    return priority == EMERGENCY_ALARM or all(priority < other for other in called)


def _in_time(first: Told, alert: Told) -> bool:
    return abs(alert.told_us - first.told_us) <= WINDOW_US


def _in_place(first: Told, alert: Told) -> bool:
    if first.lon_deg is None or first.lat_deg is None:
        return False
    if alert.lon_deg is None or alert.lat_deg is None:
        return False
    if abs(first.lat_deg - alert.lat_deg) * ABOUT_A_DEGREE_M > PLACE_M:
        return False
    apart_m = haversine_m(first.lon_deg, first.lat_deg, alert.lon_deg, alert.lat_deg)
    return bool(apart_m <= PLACE_M)
