"""What the API needs of a running engine. The engine implements `Runtime`; the API knows no more.

Everything here may be called from any thread. Times are event time in UTC microseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from littoral.area.world import World
from littoral.detect.contract import Detector, Profile
from littoral.engine.fleet_view import FleetView

if TYPE_CHECKING:
    from littoral.store.lake import Lake
    from littoral.store.quarantine import Quarantine
    from littoral.store.records import Records


@dataclass(frozen=True, slots=True)
class RuntimeSettings:
    """What a page needs to know to start; fixed for the life of the process."""

    region: str
    bbox: tuple[float, float, float, float]  # west, south, east, north, degrees
    center: tuple[float, float]  # longitude, latitude, degrees
    profile: str  # of the detectors: coastal, gfw, ...
    operator: str  # who acts where nobody signs in
    time_zone: str  # IANA name, e.g. Asia/Shanghai
    data_dir: Path  # lake, records, tiles/ of this run


class RunningDetector(NamedTuple):
    """A detector and the profile that it runs with here."""

    detector: Detector
    profile: Profile


class RawLine(NamedTuple):
    """One line of input as it came."""

    source: str  # file name or address of the feed
    line: int  # from 1
    raw: bytes


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """One input of the engine: a file, a connection, a listener."""

    name: str
    kind: str  # tcp, udp, http
    connected: bool
    lines: int
    rejected: int
    last_received_us: int | None  # receive time of the last line, by the clock of this machine
    lines_per_s: float
    last_error: str | None = None  # why it is not connected, in the words of the system


@dataclass(frozen=True, slots=True)
class ReceiverHealth:
    """One receiver (station) that the feeds carry."""

    station: int  # index in `World.stations`
    name: str
    state: Literal["hearing", "silent", "planned_outage"]
    last_us: int | None  # event time of the last thing it heard
    messages: int


@dataclass(frozen=True, slots=True)
class Health:
    """The state of sensing. Ages are judged against `event_time_us`."""

    event_time_us: int | None  # None: nothing has come yet
    watermark_us: int | None
    speed: float  # event seconds a second; 1 is real time
    mode: Literal["history", "live"]
    progress: float  # 0..1 while history is filled, then 1
    feeds: tuple[FeedHealth, ...] = ()
    receivers: tuple[ReceiverHealth, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)  # lines, rejected, positions, tracks, ...


class Taken(NamedTuple):
    """What a sender that numbers its bytes is told."""

    held: int  # position up to which all is durable
    lines: int  # taken by this request


class NumberedIntake(Protocol):
    """The door for senders that want to know that what they sent is safe (`engine.numbered` has
    the exceptions)."""

    def take_numbered(self, name: str, position: int, chunk: bytes) -> Taken: ...

    def held(self, name: str) -> int: ...


class Runtime(Protocol):
    """A running engine as its readers see it."""

    @property
    def settings(self) -> RuntimeSettings: ...

    @property
    def world(self) -> World:
        """The geofences inside are the current ones."""
        ...

    @property
    def detectors(self) -> tuple[RunningDetector, ...]: ...

    @property
    def intake(self) -> NumberedIntake: ...

    @property
    def records(self) -> Records: ...

    @property
    def lake(self) -> Lake: ...

    @property
    def quarantine(self) -> Quarantine: ...

    def fleet(self) -> FleetView:
        """The newest consistent picture; cheap, since readers share it."""
        ...

    def health(self) -> Health: ...

    def raw_line(self, obs_id: int) -> RawLine | None:
        """The input line of an observation; None when it is no longer kept."""
        ...

    def geofences_changed(self) -> None:
        """The geofences in `records` were changed: read them again from the next slice on."""
        ...

    def watch_list_changed(self) -> None:
        """The watch-list in `records` was changed."""
        ...

    def outages_changed(self) -> None:
        """The planned outages in `records` were changed."""
        ...

    def settings_changed(self) -> None:
        """The settings of detectors in `records` were changed: judge by them from the next slice
        on."""
        ...

    def matters_changed(self) -> None:
        """Incidents or tasks in `records` were changed: those who subscribed are told."""
        ...

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """`callback` is called, from any thread, soon after alerts were stored, the fleet changed
        or a step was taken on an incident or task; it must return at once and not raise. Gives the
        function that unsubscribes."""
        ...
