"""Actors of the log as answers name them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from littoral.api.gate import Gate
from littoral.store.oversight.places import NOWHERE, Place, Places, names

Act = tuple[str, int, str]  # actor, time in microseconds, case (id or empty)


class Cast:
    """The actors of one answer: where they acted and what they are called."""

    def __init__(self, gate: Gate, acts: Iterable[Act] = (), refs: Iterable[str] = ()) -> None:
        self._place: dict[Act, Place] = {}
        known = set(refs)
        with gate.trust.vault.db.read() as connection:
            places = Places(connection)
            for act in acts:
                self._place[act] = places.of(*act)
                known.add(act[0])
            self._names = names(connection, known)

    def place(self, act: Act) -> Place:
        return self._place[act]

    def who(self, act: Act) -> dict[str, Any]:
        return self.at(act[0], self._place[act])

    def at(self, ref: str, place: Place = NOWHERE) -> dict[str, Any]:
        return {
            "ref": ref, "name": self._names.get(ref), "unit": place.unit, "agency": place.agency
        }  # fmt: skip
