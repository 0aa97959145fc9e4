"""What a live engine says of its receivers and of its pace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from littoral.engine import order
from littoral.engine.runtime import ReceiverHealth
from littoral.schema.batch import Outage
from littoral.sense.health import HealthState

WINDOW_S = 10.0
MARK_EVERY_S = 0.5


def receivers(
    heard: HealthState, names: Sequence[str], planned: Iterable[Outage], event_us: int
) -> tuple[ReceiverHealth, ...]:
    """Every receiver that was heard, at event time `event_us`."""
    off = {
        o.station for o in planned if o.start_us <= event_us and (o.end_us or event_us) >= event_us
    }
    out = []
    for station, name in enumerate(names):
        if station >= len(heard.messages) or not heard.messages[station]:
            continue
        silent = heard.silent_since_us[station] > order.NEVER
        how: Literal["hearing", "silent", "planned_outage"] = (
            "planned_outage" if station in off else "silent" if silent else "hearing"
        )
        last_us, messages = int(heard.last_us[station]), int(heard.messages[station])
        out.append(ReceiverHealth(station, name, how, last_us, messages))
    return tuple(out)


class Pace:
    """How fast event time passes, over the last ten seconds of the host's clock."""

    def __init__(self) -> None:
        self._marks: list[tuple[float, int]] = []

    def mark(self, now_s: float, event_us: int) -> None:
        """`now_s` is a monotonic clock's; before the first report nothing is marked."""
        if event_us == order.NEVER:
            return
        if not self._marks or now_s - self._marks[-1][0] > MARK_EVERY_S:
            self._marks.append((now_s, event_us))
            while now_s - self._marks[0][0] > WINDOW_S:
                self._marks.pop(0)

    def speed(self, configured: float) -> float:
        """Event seconds a second; the configured speed until there is a second to judge by."""
        marks = list(self._marks)
        if len(marks) < 2 or marks[-1][0] - marks[0][0] < 1.0:
            return configured
        return (marks[-1][1] - marks[0][1]) / 1e6 / (marks[-1][0] - marks[0][0])
