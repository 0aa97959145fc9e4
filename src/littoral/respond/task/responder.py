"""A responder: a boat, cutter, vehicle, drone, team or grid worker, and where it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from littoral.respond.incident.step import Refused
from littoral.respond.rank.unit import Unit
from littoral.respond.task.words import (
    AVAILABLE,
    MOVES,
    ON_TASK,
    OUT_OF_SERVICE,
    PERSONS,
    PHONE,
    RESPONDERS,
    SKILLS,
)

MAX_NAME = 80
KNOT_MPS = 1852.0 / 3600.0


@dataclass(frozen=True, slots=True)
class Fix:
    """Where it was at `at_us`; course and speed over ground where the source tells them."""

    lon_deg: float
    lat_deg: float
    at_us: int
    source: str  # words.SOURCES
    cog_deg: float | None = None
    sog_mps: float | None = None


@dataclass(frozen=True, slots=True)
class Responder:
    """`office`: the unit that keeps it, `agency`: of which kind. `account`: who acts for it now and
    carries its tasks: its tablet's account, or who leads the crew; empty: nobody, steps are entered
    by its office. `mmsi`: its own transponder; `tak_uid`: of its TAK device, or empty. `base`:
    where it stands when nothing else is known. `speed_mps`: that it can keep up; `endurance_s`:
    None, no limit known."""

    id: str
    name: str
    kind: str
    office: str
    agency: str
    skills: frozenset[str] = frozenset()
    speed_mps: float | None = None
    endurance_s: float | None = None
    base: tuple[float, float] | None = None
    mmsi: int | None = None
    account: str = ""
    shared_with: frozenset[str] = frozenset()
    is_out: bool = False
    out_reason: str = ""
    fix: Fix | None = None
    version: int = 1
    tak_uid: str = ""
    on_task: bool = field(default=False, compare=False)

    @property
    def status(self) -> str:
        return OUT_OF_SERVICE if self.is_out else ON_TASK if self.on_task else AVAILABLE


EDITABLE = (
    "name", "kind", "office", "agency", "skills", "speed_mps", "endurance_s", "base", "mmsi",
    "tak_uid", "account", "shared_with",
)  # fmt: skip


def checked(responder: Responder) -> Responder:
    """Raises Refused, naming the field."""
    if not 0 < len(responder.name.strip()) <= MAX_NAME:
        raise Refused("missing", "请填写名称。", f"A name of 1 to {MAX_NAME} signs.", "name")
    if responder.kind not in RESPONDERS:
        listed = ", ".join(RESPONDERS)
        raise Refused("word", f"kind 须为以下之一：{listed}。", f"kind: one of {listed}.", "kind")
    if odd := sorted(responder.skills - set(SKILLS)):
        raise Refused("word", f"没有“{odd[0]}”这种能力。", f"No skill is {odd[0]!r}.", "skills")
    if responder.kind == "grid_worker" and responder.speed_mps is not None:
        zh, en = "网格员不设速度：只按距离列出。", "A grid worker has no speed: told by distance."
        raise Refused("person", zh, en, "speed_kn")
    return responder


def edited(
    responder: Responder, changes: Mapping[str, Any], seen: Mapping[str, Any] | None
) -> Responder:
    """As with incidents: what the editor saw otherwise than it is now is not overwritten. Raises
    Refused."""
    for name in changes:
        if seen is not None and name in seen and getattr(responder, name) != seen[name]:
            raise Refused(
                "conflict", f"{name} 已被他人更改。",
                f"{name} was changed by somebody else meanwhile.", name,
            )  # fmt: skip
    return checked(replace(responder, **changes, version=responder.version + 1))


def placed(responder: Responder, fix: Fix, is_under_way: bool) -> Responder:
    """With that position, unless it has a newer one. Where a person is, is kept on a task alone
    that was accepted: raises Refused."""
    if not is_under_way and tells_of_person(responder, fix):
        raise Refused(
            "no_task", "仅在执行任务期间接收位置。", "A position is taken during a task only."
        )
    if responder.fix is not None and responder.fix.at_us > fix.at_us:
        return responder
    return replace(responder, fix=fix)


def freed(responder: Responder) -> Responder:
    """Off its last task: what was kept of where a person is goes."""
    fix = responder.fix
    gone = fix is not None and tells_of_person(responder, fix)
    return replace(responder, on_task=False, fix=None if gone else fix)


def tells_of_person(responder: Responder, fix: Fix) -> bool:
    return fix.source == PHONE or responder.kind in PERSONS


Track = Callable[[int], Fix | None]


def best_fix(responder: Responder, track: Track) -> Fix | None:
    """The newest of its own vessel track's and what its devices said."""
    of_track = None if responder.mmsi is None else track(responder.mmsi)
    found = [f for f in (of_track, responder.fix) if f is not None]
    return max(found, key=lambda f: f.at_us, default=None)


def as_unit(responder: Responder, fix: Fix | None, now_us: int) -> tuple[Unit, bool]:
    """For the reckoning of ways, and whether it is reckoned from its base. KeyError for a kind that
    is not put in order of time."""
    at_base = fix is None and responder.base is not None
    if fix is not None:
        position, age_s = (fix.lon_deg, fix.lat_deg), max(0.0, (now_us - fix.at_us) / 1e6)
    else:
        position, age_s = responder.base, 0.0  # type: ignore[assignment]  # None: not known
    unit = Unit(
        responder.id, MOVES[responder.kind], position, age_s, responder.speed_mps or 0.0,
        responder.endurance_s, responder.on_task, responder.skills,
    )  # fmt: skip
    return unit, at_base
