"""Settings of a detector by name: read flat, changed within their bounds, and what a change loses.

Names are those of `detect.contract.Setting`: `class_a_s`, `limits.0.warning_cpa_m`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping
from typing import Any

from littoral.detect.contract import EITHER, GREATER, LESS, Profile, Setting

UNITS = {"s": "s", "m": "m", "mps": "m/s", "deg": "°", "day": "1/d"}

Value = float | int | bool | str | None  # None: off, an infinite limit


class SettingsError(ValueError):
    """`errors` by name of the setting."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {message}" for name, message in errors.items()))
        self.errors = dict(errors)


def unit_of(name: str) -> str:
    """Of a setting by the ending of its name; "" for a count or a share."""
    return UNITS.get(name.rpartition(".")[2].rpartition("_")[2], "")


def flat(settings: Any) -> dict[str, Value]:
    """Every number, truth and word of a settings dataclass by name, as JSON has them."""
    return dict(_leaves("", settings))


def changed(profile: Profile, values: Mapping[str, Any]) -> Any:
    """The profile's settings with other values. Raises SettingsError naming what may not be so."""
    known = {s.name: s for s in profile.adjustable}
    now = flat(profile.settings)
    errors: dict[str, str] = {}
    wanted: dict[str, Any] = {}
    for name, value in values.items():
        if name not in known:
            errors[name] = "is no setting that can be changed here"
            continue
        try:
            wanted[name] = _checked(known[name], now[name], value)
        except ValueError as error:
            errors[name] = str(error)
    if errors:
        raise SettingsError(errors)
    settings = profile.settings
    for name, value in wanted.items():
        settings = _with(settings, name.split("."), value)
    return settings


def differing(before: Mapping[str, Value], after: Mapping[str, Value]) -> list[str]:
    """Names whose values differ or that only one of the two has, in the order of `after`."""
    names = [*after, *(n for n in before if n not in after)]
    return [n for n in names if n not in before or n not in after or before[n] != after[n]]


def blinder(
    adjustable: Iterable[Setting], before: Mapping[str, Value], after: Mapping[str, Value]
) -> tuple[str, ...]:
    """Names of the settings by whose change less is seen. One of which nobody has said which way
    that is counts as such, whichever way it changed."""
    ways = {s.name: s.blinder for s in adjustable}
    return tuple(
        name
        for name in differing(before, after)
        if _is_blinder(ways.get(name, EITHER), before.get(name), after.get(name))
    )


def _is_blinder(way: str, before: Value, after: Value) -> bool:
    if way not in (GREATER, LESS):
        return way == EITHER
    was, now = _number(before), _number(after)
    return now > was if way == GREATER else now < was


def _number(value: Value) -> float:
    return math.inf if value is None or isinstance(value, str) else float(value)


def _leaves(place: str, value: Any) -> Iterable[tuple[str, Value]]:
    if dataclasses.is_dataclass(value):
        parts = [(f.name, getattr(value, f.name)) for f in dataclasses.fields(value)]
    elif isinstance(value, tuple):
        parts = [(str(i), part) for i, part in enumerate(value)]
    else:
        yield place, None if isinstance(value, float) and math.isinf(value) else value
        return
    for name, part in parts:
        yield from _leaves(f"{place}.{name}" if place else name, part)


def _checked(setting: Setting, now: Value, value: Any) -> Any:
    """The value in the type of the setting; raises ValueError with the bounds."""
    if isinstance(now, bool):
        if not isinstance(value, bool):
            raise ValueError("must be true or false")
        return value
    if value is None and math.isinf(setting.high):
        return math.inf
    unit = f" {unit_of(setting.name)}".rstrip()
    high = "" if math.isinf(setting.high) else f" to {setting.high:g}"
    bounds = f"must be {setting.low:g}{high or ' or more'}{unit}"
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(bounds)
    if not setting.low <= value <= setting.high:
        raise ValueError(bounds)
    if isinstance(now, int):
        if value != int(value):
            raise ValueError(f"{bounds}, a whole number")
        return int(value)
    return float(value)


def _with(thing: Any, path: list[str], value: Any) -> Any:
    if not path:
        return value
    name, rest = path[0], path[1:]
    if isinstance(thing, tuple):
        place = int(name)
        return (*thing[:place], _with(thing[place], rest, value), *thing[place + 1 :])
    return dataclasses.replace(thing, **{name: _with(getattr(thing, name), rest, value)})
