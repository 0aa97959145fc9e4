"""What a decision is made about: who (`Principal`), what (`Resource`), how (`Circumstances`).

They check themselves when made, so that a misspelt word is an error where it was written and not
a silent "no". Times are UTC microseconds. Nothing here names a person: an account has an id.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from littoral.access import words

# What may stand in an id, so that it needs no quoting in Cedar and cannot hide in a log line.
ID = re.compile(r"[A-Za-z0-9_.:@/+-]{1,128}")
# Differences of two times must not overflow 64 bits, which Cedar would answer with an error.
MAX_US = 2**62


class BadRequest(ValueError):
    """A word outside the vocabulary, an id with odd characters, a time out of range."""


@dataclass(frozen=True, slots=True)
class Received:
    """An agreement in force that a user is party to: the things of `kind` (`*`: see
    access/agreements.py) that lie in the area of `unit`; with `agency` those of that agency."""

    kind: str
    unit: str
    agency: str = ""


@dataclass(frozen=True, slots=True)
class Principal:
    """An account acting for one unit.

    `area` lists the code of the area that the unit looks after, then those above it, up to the
    province; empty for a unit without a place. `roles` are those valid now in that unit,
    `elsewhere` those that the account holds in its other units, `agencies_elsewhere` the agencies
    for which it holds them: they allow nothing here, but what one person must not be at once she
    is not in two units either. `received`: agreements by which others show the unit theirs.
    """

    id: str
    roles: tuple[str, ...]
    agency: str
    unit: str
    tier: str
    area: tuple[str, ...] = ()
    assurance: str = "password"
    active: bool = True
    elsewhere: tuple[str, ...] = ()
    agencies_elsewhere: tuple[str, ...] = ()
    received: tuple[Received, ...] = ()

    def __post_init__(self) -> None:
        one_id("id", self.id)
        one_id("unit", self.unit)
        for agency in self.all_agencies:
            one_of("agency", agency, words.AGENCIES)
        one_of("tier", self.tier, words.TIERS)
        one_of("assurance", self.assurance, words.ASSURANCES)
        for role in self.all_roles:
            one_of("role", role, words.ROLES)
        for code in self.area:
            one_id("area", code)

    @property
    def all_roles(self) -> tuple[str, ...]:
        """Those of the account, in whichever unit."""
        return (*self.roles, *self.elsewhere)

    @property
    def all_agencies(self) -> tuple[str, ...]:
        """Those for which the account holds roles, in whichever unit."""
        return (self.agency, *self.agencies_elsewhere)

    @property
    def home(self) -> str:
        """The code of the area that the unit looks after; empty for a unit without a place."""
        return self.area[0] if self.area else ""

    @property
    def circles(self) -> tuple[str, ...]:
        """Under what a thing can be shared with this user."""
        return (
            self.unit, self.agency, *self.area,
            at_unit(self.unit), agency_at(self.agency, self.unit),
            *(agency_in(self.agency, code) for code in dict.fromkeys((self.unit, *self.area))),
        )  # fmt: skip

    def entity(self, names: Collection[str]) -> dict[str, object]:
        """As a Cedar entity (JSON) with the attributes named."""
        return {
            "uid": {"type": "User", "id": self.id},
            "attrs": {name: getattr(self, name) for name in names},
            "parents": (),
        }


@dataclass(frozen=True, slots=True)
class Resource:
    """A thing, as far as access to it depends on it.

    `areas` holds the code of the place and of every area above it; `shared_with` units, agencies,
    area codes, or what `at_unit`, `agency_at`, `agency_in` make; `owner` the account whose matter
    or request it is. Empty means none.
    """

    data_class: str
    id: str = "-"
    unit: str = ""
    agency: str = ""
    areas: tuple[str, ...] = ()
    shared_with: tuple[str, ...] = ()
    case: str = ""
    purpose: str = ""
    owner: str = ""
    kind: str = ""

    def __post_init__(self) -> None:
        one_id("id", self.id)
        one_of("data_class", self.data_class, words.DATA_CLASSES)
        if self.agency:
            one_of("agency", self.agency, words.AGENCIES)
        if self.purpose:
            one_of("purpose", self.purpose, words.PURPOSES)
        if "" in self.areas or "" in self.shared_with:
            raise BadRequest("areas and shared_with hold no empty codes")

    def entity(self, names: Collection[str]) -> dict[str, object]:
        """As a Cedar entity (JSON) with the attributes named."""
        return {
            "uid": {"type": "Thing", "id": self.id},
            "attrs": {name: getattr(self, name) for name in names},
            "parents": (),
        }


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Why and how something is asked for; the defaults are the least that can be said.

    For `grant.approve`, `breakglass.use`, `key.write` and `key.renew` `grant_until_us` is the end
    asked for, else the end of the access granted (0: none).
    """

    now_us: int
    purpose: str = ""
    legal_basis: str = ""
    case: str = ""
    case_open: bool = False
    case_unit: str = ""
    grant_until_us: int = 0
    second_person: bool = False
    break_glass: bool = False
    network: str = "public"

    def __post_init__(self) -> None:
        if self.purpose:
            one_of("purpose", self.purpose, words.PURPOSES)
        if self.legal_basis:
            one_of("legal_basis", self.legal_basis, words.LEGAL_BASES)
        one_of("network", self.network, words.NETWORKS)
        for name in ("now_us", "grant_until_us"):
            if not 0 <= getattr(self, name) < MAX_US:
                raise BadRequest(f"{name} is no time in microseconds: {getattr(self, name)}")

    def record(self, names: Collection[str], first_start: bool) -> dict[str, object]:
        """As a Cedar context (JSON) with the attributes named.

        `first_start` is a fact about the policies in force, which no request can state.
        """
        return {
            name: first_start if name == "first_start" else getattr(self, name) for name in names
        }


def at_unit(unit: str) -> str:
    """Shares with who is seated in that very unit, with nobody around it or within it."""
    return f"@{unit}"


def agency_at(agency: str, unit: str) -> str:
    """Shares with the seats of the agency in that very unit."""
    return f"{agency}@{unit}"


def agency_in(agency: str, area: str) -> str:
    """Shares with the seats of the agency in the area and in all units within it."""
    return f"{agency}/{area}"


def one_of(name: str, value: str, known: Collection[str]) -> None:
    if value not in known:
        raise BadRequest(f"{name} {value!r} is none of {', '.join(known)}")


def one_id(name: str, value: str) -> None:
    if not ID.fullmatch(value):
        raise BadRequest(f"{name} {value!r} is no id: 1 to 128 of A-Z a-z 0-9 _ . : @ / + -")
