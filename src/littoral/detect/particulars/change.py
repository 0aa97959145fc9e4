"""When a value that is said anew has changed for good."""

from __future__ import annotations

import numpy as np

from littoral.detect.particulars.settings import ParticularsSettings
from littoral.detect.particulars.state import (
    CALL_SIGN,
    CLOSED_US,
    FIELD_NAMES,
    NAME,
    SECOND_US,
    Began,
    Line,
    ParticularsState,
    Settled,
)
from littoral.detect.particulars.values import Value, is_same
from littoral.schema.fleet import GEAR_BEACON, GEAR_NAME, Fleet

FORGET_US = CLOSED_US  # then no message on this track confirms it any more
OF_A_SHIP = 10  # positions; a track of fewer may be one of errors
MOST_LEFT = 8  # values that a line remembers to have had


def say(
    state: ParticularsState,
    key: tuple[int, int],
    before: tuple[Value, str, int],
    began: Began,
    s: ParticularsSettings,
) -> None:
    """A value is said that is not the last one. `before`: that one, as people read it, and its
    message. An empty text says nothing."""
    line = state.lines.get(key)
    if line is None:
        if before[0] == "":
            return
        line = Line(*before)
    if began.value == "" or (
        line.new is not None and is_same(began.value, line.new.value, s.draught_m)
    ):
        state.lines[key] = line
        return
    if is_same(began.value, line.value, s.draught_m):
        state.lines[key] = line._replace(new=None)
        state.due.pop(key, None)
        return
    state.lines[key] = line._replace(new=began)
    state.due[key] = began.t_us + round(s.hold_s * SECOND_US)


def go_on(state: ParticularsState, track: int, old: int, s: ParticularsSettings) -> None:
    """`track` is the vessel that was `old`: what that had settled holds, and a change that was on
    its way goes on."""
    for f in range(len(FIELD_NAMES)):
        line = state.lines.pop((old, f), None)
        state.due.pop((old, f), None)
        if line is None:
            continue
        state.lines[track, f] = line
        if line.new is not None:
            state.due[track, f] = line.new.t_us + round(s.hold_s * SECOND_US)


def _is_shared(track: int, from_us: int, to_us: int, fleet: Fleet) -> bool:
    """Whether another ship was heard under the MMSI in this time: what one says is then easily
    taken for what the other does."""
    mine = fleet.mmsi[: fleet.count] == fleet.mmsi[track]
    mine[track] = False
    others = np.flatnonzero(mine)
    heard = (fleet.last_us[others] >= from_us) & (fleet.first_us[others] <= to_us)
    return bool((heard & (fleet.positions[others] >= OF_A_SHIP)).any())


def settle(
    state: ParticularsState, until_us: int, fleet: Fleet, s: ParticularsSettings
) -> list[tuple[int, int, Settled]]:
    """(track, field, change) of what has changed for good by now, in order of its due time."""
    found = []
    for due_us, key in sorted((due, key) for key, due in state.due.items() if due <= until_us):
        track, f = key
        # A name with a battery level is that of a net beacon, taken for one yet or not.
        if fleet.gear[track] & (GEAR_BEACON | GEAR_NAME):
            del state.due[key]
            continue
        if fleet.static_us[track] < due_us:
            if due_us + FORGET_US < until_us:
                del state.due[key]  # until the vessel is another track
            continue
        line = state.lines[key]
        new = line.new
        assert new is not None
        del state.due[key]
        if _is_shared(track, new.t_us, due_us, fleet):
            state.lines[key] = line._replace(new=None)
            continue
        since_us = new.t_us - round(s.flap_s * SECOND_US)
        again = any(
            left_us >= since_us and is_same(new.value, value, s.draught_m)
            for value, left_us in line.left
        )
        left = (*line.left, (line.value, new.t_us))[-MOST_LEFT:]
        state.lines[key] = Line(new.value, new.shown, new.obs_id, left)
        if not again:
            found.append((track, f, Settled(line.shown, line.obs_id, new)))
    return found


def paired(
    state: ParticularsState,
    found: list[tuple[int, int, Settled]],
    s: ParticularsSettings,
) -> list[tuple[int, tuple[tuple[int, Settled], ...]]]:
    """(track, ((field, change), ...)): a name and a call sign whose changes began within `hold_s`
    of each other are told together; one waits while the other may yet become settled."""
    hold_us = round(s.hold_s * SECOND_US)
    out: list[tuple[int, tuple[tuple[int, Settled], ...]]] = []
    for track, f, change in found:
        if f not in (NAME, CALL_SIGN):
            out.append((track, ((f, change),)))
            continue
        other = CALL_SIGN if f == NAME else NAME
        waiting = state.half.get((track, other))
        if waiting is not None and abs(waiting.began.t_us - change.began.t_us) <= hold_us:
            del state.half[track, other]
            both = sorted([(f, change), (other, waiting)], key=lambda each: each[0])
            out.append((track, tuple(both)))
        else:
            state.half[track, f] = change
    for (track, f), change in sorted(state.half.items(), key=lambda item: item[0]):
        other = CALL_SIGN if f == NAME else NAME
        line = state.lines.get((track, other))
        if line is not None and line.new is not None and (
            abs(line.new.t_us - change.began.t_us) <= hold_us
        ):  # fmt: skip
            continue
        del state.half[track, f]
        out.append((track, ((f, change),)))
    return out
