"""The calls: decode, tracks, alerts, and one for each rule (docs/library.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from inspect import cleandoc
from typing import Any

from littoral.area.world import World
from littoral.detect import DEFAULT_PROFILE, plurals
from littoral.detect.adjusting import changed, flat
from littoral.detect.contract import Detector, Profile
from littoral.engine import core
from littoral.engine.library import frames, judging, lines, own
from littoral.engine.library.reading import Messages, Read, read
from littoral.sense.decoded import StationList

REGION = "hainan"


def decode(
    *sources: lines.Source,
    to: frames.Kind | None = None,
    columns: Mapping[str, str] | None = None,
) -> Messages:
    """AIS logs (paths of NMEA 0183; plain, gzip, zstd), bytes, lists of lines, or tables of pandas,
    Polars or Arrow with lines in a column, to tables of positions, static data and texts: of the
    kind of the first table given, else of Arrow, or `to="pandas"`, `to="polars"`.

    `columns={"line": "payload", "time": "seen"}` names the columns of a table where their names do
    not say it. Units stand in the names, times are UTC, what is not available is null
    (docs/library.md).
    """
    given = [lines.held(source) for source in sources]
    kinds = [kind for kind in map(lines.kind_of, given) if kind is not None]
    wanted: frames.Kind = to or [*kinds, "arrow"][0]
    stations = StationList()
    rows = lines.decoded(given, stations, columns or {})
    parts = (rows.positions, rows.statics, rows.texts)
    return Messages(*(frames.given_back(own.as_table(p, stations), wanted) for p in parts))


def tracks(
    positions: Any, *, columns: Mapping[str, str] | None = None, datum: str | None = None
) -> Any:
    """The table of positions with a column `track`: an id for each real vessel, told apart where
    several share an MMSI (docs/tracks.md). Null where a row is of no track: no coordinates, a
    repeat, a base station. `columns` and `datum` as for `alerts`."""
    positions = frames.once(positions)
    table = positions[0] if isinstance(positions, tuple) else positions
    return frames.with_column(table, "track", judging.tracks_of(read(positions, columns, datum)))


def alerts(
    positions: Any,
    *,
    detectors: Iterable[str] | None = None,
    profile: str = DEFAULT_PROFILE,
    region: str | World = REGION,
    columns: Mapping[str, str] | None = None,
    datum: str | None = None,
) -> Any:
    """What all rules, or those of `detectors`, find: the alerts that `littoral run` would write.

    `positions` is a table of pandas, Polars or Arrow, or what `decode` gave; the table returned is
    of the same kind. Columns are found by the names in common use; `columns={"sog:mps": "v"}` names
    others, `datum` says which one positions of a Chinese map are in (docs/run.md). `region` is
    whose coast, rings and ports count: a name, or what `region_world` gave.
    """
    found = core.choose_rules(profile, detectors)
    positions = frames.once(positions)
    return _judged(positions, found, region, read(positions, columns, datum))


@cache
def rules() -> dict[str, Callable[..., Any]]:
    """A function for each rule there is, by the plural of its name."""
    return {name: _function(name, detector) for name, detector in plurals().items()}


def _function(name: str, detector: Detector) -> Callable[..., Any]:
    def run(
        positions: Any,
        *,
        profile: str = DEFAULT_PROFILE,
        region: str | World = REGION,
        columns: Mapping[str, str] | None = None,
        datum: str | None = None,
        **settings: Any,
    ) -> Any:
        if profile not in detector.profiles:
            listed = ", ".join(detector.profiles)
            raise KeyError(f"{name} has no profile {profile!r}; it has: {listed}")
        rule = core.Rule(detector, _with(detector.profiles[profile], settings))
        positions = frames.once(positions)
        return _judged(positions, (rule,), region, read(positions, columns, datum))

    run.__name__ = run.__qualname__ = name
    run.__module__ = "littoral.detect"
    run.__doc__ = _doc(detector)
    return run


def _with(profile: Profile, settings: Mapping[str, Any]) -> Profile:
    known = [setting.name for setting in profile.adjustable]
    for setting in settings:
        if setting not in known:
            raise TypeError(f"{setting} is no setting here; there are: {', '.join(known)}")
    return replace(profile, settings=changed(profile, settings))


def _judged(positions: Any, found: tuple[core.Rule, ...], region: str | World, given: Read) -> Any:
    table = positions[0] if isinstance(positions, tuple) else positions
    world = judging.region(region) if isinstance(region, str) else region
    rows = judging.rows_judged(given, found, world)
    return frames.given_back(judging.as_table(rows, given), frames.kind_of(table))


def _doc(detector: Detector) -> str:
    """What stands on the rule's page: what it tells, the profiles with their sources, settings."""
    said = [f"{detector.summary['en']} (docs/detectors/{detector.name}.md)", ""]
    said += ["Takes a table of positions and gives one of alerts, as `littoral.alerts`.", ""]
    for name, profile in detector.profiles.items():
        said.append(f"profile={name!r}: {profile.why} Source: {profile.source}.")
    profile = detector.profiles[DEFAULT_PROFILE]
    values = flat(profile.settings)
    said += ["", f"Settings by keyword, and what they are under {DEFAULT_PROFILE!r}:"]
    said += [f"    {s.name} = {values[s.name]}: {s.en}" for s in profile.adjustable]
    return cleandoc("\n".join(said))
