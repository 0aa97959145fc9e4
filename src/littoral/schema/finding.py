"""What a detector says, and the alert that the engine makes of it.

A detector is a pure step over batches and returns findings; the engine turns the findings of one
cause into one alert with a life (see docs/life-of-an-alert.md).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

# Alert priorities of IMO MSC.302(87) and IEC 62923-1; lower is more urgent.
EMERGENCY_ALARM, ALARM, WARNING, CAUTION = 1, 2, 3, 4
# Below them: an event for analysts' questions (a port call). Kept, never annunciated, and on no
# list that does not ask for it.
NOTED = 5

PROVISIONAL, CONFIRMED, WITHDRAWN = "provisional", "confirmed", "withdrawn"

Fact = float | int | str | bool | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One event as a detector sees it now; a later finding of the same key replaces it.

    The key is (rule, version, kind, things, start_us). `things` are `vessel:<track id>`,
    `receiver:<name>` or `area:<id>`, the primary one first, the rest sorted; `facts` are the
    numbers that crossed the line, each name ending in its unit; `evidence` are `obs_id`s, at most
    64, enough to recompute the finding. `held_by` names a cause that explains the finding away for
    the watch (a receiver's outage): it is stored but not annunciated.
    """

    rule: str
    version: str
    kind: str
    things: tuple[str, ...]
    start_us: int
    end_us: int | None  # None while it goes on
    updated_us: int  # event time of the last observation or timer that changed it
    lon_deg: float | None
    lat_deg: float | None
    priority: int
    facts: dict[str, Fact] = field(default_factory=dict)
    evidence: tuple[int, ...] = ()
    held_by: str | None = None

    def alert_id(self) -> str:
        """The same run over the same data gives the same id (design, section 6)."""
        key = "\x1f".join((self.rule, self.version, self.kind, *self.things, str(self.start_us)))
        return hashlib.blake2b(key.encode(), digest_size=12).hexdigest()
