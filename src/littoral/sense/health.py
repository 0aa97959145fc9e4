"""Which receivers have fallen silent, found from the event time of what they hear.

A dead feed must never look like a calm sea, nor like two thousand dark ships: each silence found
here is an alert of the receiver (`detect.receiver`) and holds back the gaps that it explains
(`detect.gap`). The step is pure: it must be called for every slice, also for those in which nothing
came at all, since silence is found by its passing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numba import njit

from littoral.schema.ais import Observations
from littoral.schema.batch import Outage

SECOND_US = 1_000_000
NEVER_US = -(2**62)


@dataclass(frozen=True, slots=True)
class HealthSettings:
    """A receiver is silent when nothing has come for longer than
    max(least_silence_s, silence_means * its mean interval)."""

    # Two minutes: the moving vessels in reach of a coast receiver report every 2 to 30 s
    # (ITU-R M.1371-5 Annex 1 table 1), and the stream's watermark counts a source as silent then.
    least_silence_s: float = 120.0
    # Were reports independent, a live receiver would be silent for 20 mean intervals once in
    # exp(20) = 500 million of them; the margin is for traffic that thins out faster than the mean.
    silence_means: float = 20.0
    # The mean interval forgets by half in this time, so that it follows day and night.
    half_life_s: float = 3600.0
    # Of fewer messages no mean is drawn and the receiver is not judged.
    min_messages: int = 20
    # How long an outage that has ended is still told of: the gap detector looks back so far.
    keep_s: float = 2 * 24 * 3600.0


DEFAULT = HealthSettings()


@dataclass(slots=True)
class HealthState:
    """Per receiver, shapes (stations,): event time of the last message, messages so far, decaying
    sums of messages and of watched seconds, and since when it is silent (NEVER_US: it is not)."""

    last_us: np.ndarray
    messages: np.ndarray
    recent_messages: np.ndarray
    recent_s: np.ndarray
    silent_since_us: np.ndarray
    ended: list[tuple[int, int, int]] = field(default_factory=list)  # station, start, end

    def reserve(self, stations: int) -> None:
        more = stations - len(self.last_us)
        if more > 0:
            self.last_us = np.append(self.last_us, np.full(more, NEVER_US, np.int64))
            self.messages = np.append(self.messages, np.zeros(more, np.int64))
            self.recent_messages = np.append(self.recent_messages, np.zeros(more))
            self.recent_s = np.append(self.recent_s, np.zeros(more))
            self.silent_since_us = np.append(
                self.silent_since_us, np.full(more, NEVER_US, np.int64)
            )


def start() -> HealthState:
    """Nothing heard yet."""
    none = np.zeros(0, np.int64)
    return HealthState(none, none.copy(), np.zeros(0), np.zeros(0), none.copy())


def step(
    state: HealthState,
    observations: Observations,
    from_us: int,
    until_us: int,
    planned: tuple[Outage, ...] = (),
    names: tuple[str, ...] = (),
    settings: HealthSettings = DEFAULT,
) -> tuple[HealthState, tuple[Outage, ...], np.ndarray]:
    """One slice of event time; `observations` as they came (repeats and base stations included).

    Returns the state; every outage, planned or found, that touches the last `keep_s` before
    `until_us`, by station and start; and the age of each receiver's last message at `until_us` in
    seconds, shape (stations,), NaN where it was never heard. `names`: the run's receivers by index.
    """
    tables = (observations.positions, observations.statics, observations.texts)
    highest = max((int(t.station.max()) + 1 for t in tables if len(t)), default=0)
    state.reserve(max(highest, len(names)))
    count = len(state.last_us)
    heard, first_us, last_us = nothing_heard(count)
    for table in tables:
        hear(table.station, table.t_us, heard, first_us, last_us)
    speaking = np.flatnonzero(heard)
    # The new part of each receiver's watched time begins with the last message before it, but with
    # the first in it when an outage or the beginning lies between.
    since_us = np.where(state.last_us == NEVER_US, first_us, state.last_us)
    ended = end_silences(state, speaking, first_us, settings)
    since_us[ended] = first_us[ended]
    learn(state, speaking, heard, (last_us - since_us) / SECOND_US, settings)
    state.last_us[speaking] = np.maximum(state.last_us, last_us)[speaking]
    state.messages += heard
    limit_us = (silence_limit_s(state, settings) * SECOND_US).astype(np.int64)
    begins = (
        (state.messages >= settings.min_messages)
        & (state.silent_since_us == NEVER_US)
        & (until_us - state.last_us > limit_us)
    )
    state.silent_since_us[begins] = state.last_us[begins]
    oldest_us = until_us - int(settings.keep_s * SECOND_US)
    state.ended = [e for e in state.ended if e[2] >= oldest_us]
    ages = np.where(state.last_us == NEVER_US, np.nan, (until_us - state.last_us) / SECOND_US)
    return state, outages_of(state, planned, names, oldest_us, until_us), ages


def nothing_heard(stations: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(stations,) each: messages, and event time of the first and the last."""
    return (
        np.zeros(stations, np.int64),
        np.full(stations, 2**62, np.int64),
        np.full(stations, NEVER_US, np.int64),
    )


@njit(cache=True, nogil=True)
def hear(
    station: np.ndarray, t_us: np.ndarray, heard: np.ndarray, first_us: np.ndarray,
    last_us: np.ndarray,
) -> None:  # fmt: skip
    """Count the messages (n,) of each receiver, of whatever kind."""
    for i in range(len(station)):
        k = station[i]
        if k >= 0:
            heard[k] += 1
            first_us[k] = min(first_us[k], t_us[i])
            last_us[k] = max(last_us[k], t_us[i])


def silence_limit_s(state: HealthState, settings: HealthSettings) -> np.ndarray:
    """How long each receiver may be silent; shape (stations,), seconds."""
    mean_s = state.recent_s / np.maximum(state.recent_messages, 1e-9)
    return np.maximum(settings.least_silence_s, settings.silence_means * mean_s)


def end_silences(
    state: HealthState, speaking: np.ndarray, first_us: np.ndarray, settings: HealthSettings
) -> list[int]:
    """Receivers heard again end their outage; a silence that began and ended between two looks is
    one all the same. Returns whose silence ended."""
    limit_s = silence_limit_s(state, settings)
    ended = []
    for k in speaking.tolist():
        since = int(state.silent_since_us[k])
        if since == NEVER_US and state.messages[k] >= settings.min_messages:
            gap_s = (int(first_us[k]) - int(state.last_us[k])) / SECOND_US
            since = int(state.last_us[k]) if gap_s > limit_s[k] else NEVER_US
        if since != NEVER_US:
            state.ended.append((k, since, int(first_us[k])))
            state.silent_since_us[k] = NEVER_US
            ended.append(k)
    return ended


def learn(
    state: HealthState,
    speaking: np.ndarray,
    heard: np.ndarray,
    seconds: np.ndarray,
    settings: HealthSettings,
) -> None:
    """What the receivers `speaking` heard goes into their running mean interval. A silence teaches
    nothing while it lasts, else it would put off its own finding; an outage never does."""
    passed_s = np.maximum(seconds[speaking], 0.0)
    fade = 0.5 ** (passed_s / settings.half_life_s)
    state.recent_messages[speaking] = state.recent_messages[speaking] * fade + heard[speaking]
    state.recent_s[speaking] = state.recent_s[speaking] * fade + passed_s


def outages_of(
    state: HealthState,
    planned: tuple[Outage, ...],
    names: tuple[str, ...],
    oldest_us: int,
    until_us: int,
) -> tuple[Outage, ...]:
    def name(k: int) -> str:
        return names[k] if k < len(names) else f"receiver {k}"

    found = [Outage(k, name(k), s, e, planned=False) for k, s, e in state.ended]
    found += [
        Outage(k, name(k), int(state.silent_since_us[k]), None, planned=False)
        for k in np.flatnonzero(state.silent_since_us != NEVER_US).tolist()
    ]
    found += [
        replace(o, planned=True)
        for o in planned
        if o.start_us < until_us and (o.end_us is None or o.end_us >= oldest_us)
    ]
    return tuple(sorted(found, key=lambda o: (o.station, o.start_us, o.planned)))
