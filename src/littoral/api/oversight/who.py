"""Actors and things of the log as answers name them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from littoral.api.gate import Gate
from littoral.api.names import place_name
from littoral.store import geofences
from littoral.store.oversight.places import NOWHERE, Place, Places, called

Act = tuple[str, int, str]  # actor, time in microseconds, case (id or empty)
FENCES = ("fence:", "geofence:")


class Cast:
    """The actors of one answer: where they acted and what they, and things, are called."""

    def __init__(self, gate: Gate, acts: Iterable[Act] = (), refs: Iterable[str] = ()) -> None:
        self._place: dict[Act, Place] = {}
        self._organisation = gate.people.directory.organisation()
        known = set(refs)
        fences = {ref.partition(":")[2] for ref in known if ref.startswith(FENCES)}
        with gate.trust.vault.db.read() as connection:
            places = Places(connection)
            for act in acts:
                self._place[act] = places.of(*act)
                known.add(act[0])
            self._called = called(connection, known)
            self._fences = geofences.names(connection, fences)

    def place(self, act: Act) -> Place:
        return self._place[act]

    def who(self, act: Act) -> dict[str, Any]:
        return self.at(act[0], self._place[act])

    def at(self, ref: str, place: Place = NOWHERE) -> dict[str, Any]:
        known = self._called.get(ref)
        return {
            "ref": ref,
            "name": None if known is None else known.name,
            "login": None if known is None else known.login or None,
            "unit": place.unit,
            "unit_name": place_name(self._organisation, place.unit),
            "agency": place.agency,
        }

    def thing(self, ref: str) -> dict[str, str] | None:
        """In Chinese and English, of an account, key, unit, agency or geofence that is known."""
        if ref in self._called:
            text = str(self._called[ref])
            return {"zh": text, "en": text}
        kind, _, key = ref.partition(":")
        if kind == "unit":
            return place_name(self._organisation, key)
        return self._fences.get(key) if ref.startswith(FENCES) else None
