"""Every operation of the OpenAPI document, as every role, answers as the outsider's tables say.

`routes.csv` asks about a thing of the asker's own county, `tiers.csv` about things of the county,
of another, of the province above and of a village below; `seats.csv` where a desk of another tier
gets another answer than a county's. `bench authorisation` asks every row of `routes.csv` from every
tier besides, and the policies themselves by `tests/access/verdicts.csv`. What the words mean is in
README.md beside this file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from littoral.access.words import ROLES
from littoral.api.app import build_app
from littoral.area.world import World

from .scene import ANONYMOUS, RELATIONS, SEATS, Scene, served_scene
from .tables import ALLOW, DENY, NOBODY, OPEN, Row, difference, operations, rows

ROUTES, TIERS, SEATED = rows("routes.csv"), rows("tiers.csv"), rows("seats.csv")
WRITTEN = (*ROUTES, *TIERS, *SEATED)
KNOWN = operations(build_app().openapi())
ASKERS = (*ROLES, ANONYMOUS)
BY_PATH: dict[str, list[Row]] = {}
for _row in WRITTEN:
    BY_PATH.setdefault(_row.path, []).append(_row)


@pytest.fixture(scope="module")
def scene(
    tmp_path_factory: pytest.TempPathFactory, world: World, empty_records: Path
) -> Iterator[Scene]:
    with served_scene(tmp_path_factory.mktemp("routes"), world, empty_records) as made:
        yield made


def test_every_operation_has_a_row_for_every_role() -> None:
    found = {(r.method, r.path, r.role) for r in ROUTES}
    missing: dict[tuple[str, str], list[str]] = {}
    for method, path in sorted(KNOWN):
        for role in ASKERS:
            if (method, path, role) not in found:
                missing.setdefault((method, path), []).append(role)
    assert not missing, "routes.csv does not say who may, from docs/policy.md: " + "; ".join(
        f"{method} {path} as {'everybody' if len(roles) == len(ASKERS) else ', '.join(roles)}"
        for (method, path), roles in missing.items()
    )


def test_no_row_is_of_an_operation_that_is_not_there() -> None:
    stale = {(r.method, r.path) for r in WRITTEN} - KNOWN
    assert not stale, f"the OpenAPI document has no such operation: {sorted(stale)}"


def test_rows_are_of_known_words_once_and_say_why() -> None:
    for row in WRITTEN:
        assert row.role in ASKERS, str(row)
        assert row.expected in (ALLOW, DENY, OPEN, NOBODY), str(row)
        assert row.why, str(row)
    assert {r.relation for r in TIERS} == set(RELATIONS)
    assert {r.tier for r in SEATED} == set(SEATS)
    asked = Counter((r.method, r.path, r.role, r.relation, r.tier) for r in WRITTEN)
    assert [key for key, times in asked.items() if times > 1] == []


def test_a_seat_is_written_where_the_answer_is_another_than_at_a_county() -> None:
    county = {(r.method, r.path, r.role): r.expected for r in ROUTES}
    assert [str(r) for r in SEATED if county[r.method, r.path, r.role] == r.expected] == []


def test_what_needs_no_sign_in_is_the_way_in_alone() -> None:
    """Whoever opens an operation to strangers changes this list and gives the reason in the row."""
    public = {(r.method, r.path) for r in ROUTES if r.role == ANONYMOUS and r.expected != NOBODY}
    assert public == {
        ("GET", "/api/v1/signin"),
        ("POST", "/api/v1/session"),
        ("POST", "/api/v1/session/passkey"),
        ("POST", "/api/v1/session/passkey/options"),
        ("POST", "/api/v1/first-start"),
        ("POST", "/api/v1/invitations/accept"),
        ("GET", "/api/v1/oidc/start"),
        ("GET", "/api/v1/oidc/callback"),
    }


@pytest.mark.parametrize("path", sorted(BY_PATH))
def test_each_role_gets_the_answer_that_is_written(scene: Scene, path: str) -> None:
    """All rows of a path, so that a failure shows the whole of what differs."""
    wrong = [f"{row}: {said}" for row in BY_PATH[path] if (said := difference(scene, row))]
    assert not wrong, "\n".join(wrong)
