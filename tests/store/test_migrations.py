"""Records of the very first revision come up to date with everything that was in them."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from littoral.respond.incident.flow import Joint
from littoral.store import incidents
from littoral.store.database import _engine, _with_driver, migration_config
from littoral.store.forms.tables import form_submissions
from littoral.store.records import AlertFilter, Records
from littoral.store.vault.tables import answer_numbers, erasure_requests
from tests.real.opening import stored, unpack_folder

FIRST = "0001"
TABLES = (
    "alerts", "alert_versions", "alert_actions", "geofences", "geofence_changes",
    "planned_outages", "sensors", "settings", "checkpoints",
)  # fmt: skip


def fill_first(url: str, folder: Path) -> dict[str, int]:
    """A database at the first revision with the rows of an old folder; counts by table."""
    engine = _engine(_with_driver(sa.make_url(url)))
    counts = {}
    with engine.begin() as connection:
        command.upgrade(migration_config(connection), FIRST)
        there = sa.MetaData()
        there.reflect(connection)
        raw = sa.create_engine(f"sqlite:///{folder / 'records.sqlite'}")
        for name in TABLES:
            table = there.tables[name]
            with raw.connect() as old:
                rows = [dict(r._mapping) for r in old.execute(sa.text(f"select * from {name}"))]
            for row in rows:
                for column in table.c:
                    if isinstance(column.type, sa.Boolean):
                        row[column.name] = bool(row[column.name])
            if rows:
                connection.execute(sa.insert(table), rows)
            counts[name] = len(rows)
        highest = connection.execute(sa.select(sa.func.max(there.tables["alerts"].c.seq)))
        connection.execute(sa.update(there.tables["counters"]).values(value=highest.scalar_one()))
        raw.dispose()
    engine.dispose()
    return counts


def test_the_first_revision_comes_up_to_date_with_all_its_data(url: str, tmp_path: Path) -> None:
    folder = unpack_folder(tmp_path / "old")
    counts = fill_first(url, folder)
    assert min(counts[n] for n in ("alerts", "alert_versions", "geofences", "checkpoints")) > 0
    head = ScriptDirectory.from_config(migration_config()).get_current_head()
    with Records.open(url) as records:
        with records._db.read() as connection:
            assert MigrationContext.configure(connection).get_current_revision() == head
        old = {row["id"]: row for row in stored(folder, "alerts")}
        found = {row.id: row for row in records.alerts_after(0, 10_000)}
        assert found.keys() == old.keys()
        for key, row in found.items():
            was = old[key]
            assert {k: row[k] for k in ("state", "seq", "revision", "handling", "start_us")} == {
                k: was[k] for k in ("state", "seq", "revision", "handling", "start_us")
            }
            assert row.facts == was["document"]["facts"]
            detail = records.alert(key)
            assert len(detail.versions) == row.revision
        actions = stored(folder, "alert_actions")
        assert [a.id for a in records.alert(actions[0]["alert_id"]).actions] == [actions[0]["id"]]
        assert {f.id for f in records.geofences()} == {
            row["id"] for row in stored(folder, "geofences")
        }
        assert records.checkpoint() == stored(folder, "checkpoints")[0]["value"]
        assert len(records.alerts(AlertFilter(handling=("acknowledged",))).items) == 1
        # And it goes on where it was: the next change comes after all that was there.
        again = {**next(iter(old.values()))["document"], "priority": 1, "state": "confirmed"}
        (changed,) = records.upsert_alerts([again])
        assert changed.seq > max(row["seq"] for row in old.values())


DAY = 86_400_000_000
NOW = 1_790_000_000_000_000


def test_a_case_of_before_is_given_to_the_agency_of_its_opener_where_that_is_certain(
    url: str,
) -> None:
    engine = _engine(_with_driver(sa.make_url(url)))
    with engine.begin() as connection:
        command.upgrade(migration_config(connection), "0800_erasure_requests")
        there = sa.MetaData()
        there.reflect(connection)

        def put(table: str, **row: object) -> None:
            columns = there.tables[table].c
            text = {c.name: "x" for c in columns if not c.nullable and c.name not in row}
            for column in columns:
                if column.name in text and isinstance(column.type, sa.Integer | sa.BigInteger):
                    text[column.name] = 0
                elif column.name in text and isinstance(column.type, sa.Boolean):
                    text[column.name] = False
            connection.execute(sa.insert(there.tables[table]), {**text, **row})

        for code, kind in (("hk-customs", "customs"), ("hk-police", "police")):
            put("agencies", code=code, kind=kind, unit="460100")
        roles = [  # account, unit, agency, since, until
            ("li", "460100", "hk-customs", NOW - DAY, None),
            ("li", "460200", "hk-police", NOW - DAY, None),  # elsewhere: says nothing
            ("moved", "460100", "hk-police", NOW - 9 * DAY, NOW - 5 * DAY),
            ("moved", "460100", "hk-customs", NOW - 5 * DAY, None),
            ("two", "460100", "hk-customs", NOW - DAY, None),
            ("two", "460100", "hk-police", NOW - DAY, None),
            ("later", "460100", "hk-customs", NOW + DAY, None),
            ("operator", "460100", None, NOW - DAY, None),
            ("lost", "460100", "no-such-agency", NOW - DAY, None),
        ]
        for account in sorted({r[0] for r in roles}):
            put("accounts", id=account, login=account)
        for number, (account, unit, agency, since_us, until_us) in enumerate(roles):
            put(
                "memberships", id=f"m{number}", account=account, unit=unit, agency=agency,
                valid_from_us=since_us, valid_to_us=until_us,
            )  # fmt: skip
        cases = {
            "certain": ("account:li", NOW, None), "then": ("account:moved", NOW - 6 * DAY, None),
            "now": ("account:moved", NOW, None), "two": ("account:two", NOW, None),
            "later": ("account:later", NOW, None), "none": ("account:operator", NOW, None),
            "lost": ("account:lost", NOW, None), "nobody": ("system:li", NOW, None),
            "known": ("account:li", NOW, "health"),
        }  # fmt: skip
        for key, (by, at_us, agency) in cases.items():
            put("vault_cases", id=key, unit="460100", opened_by=by, opened_us=at_us, agency=agency)
        command.upgrade(migration_config(connection), "0900_whose")
        table = there.tables["vault_cases"].c
        rows = connection.execute(sa.select(table.id, table.agency)).all()
        found = {key: agency for key, agency in rows}
    engine.dispose()
    assert found == {
        "certain": "customs", "then": "police", "now": "customs", "two": None, "later": None,
        "none": "platform", "lost": None, "nobody": None, "known": "health",
    }  # fmt: skip


def test_a_joint_agency_of_before_is_that_of_the_incidents_area(url: str) -> None:
    """An agency joined everywhere: now it is that of where the incident lay when it joined."""
    engine = _engine(_with_driver(sa.make_url(url)))
    with engine.begin() as connection:
        command.upgrade(migration_config(connection), "1100_incidents")
        there = sa.MetaData()
        there.reflect(connection)

        def put(table: str, **row: object) -> None:
            whole: dict[str, object] = {}
            for column in there.tables[table].c:
                number = isinstance(column.type, sa.Integer | sa.Float)
                whole[column.name] = row.get(column.name, 0 if number else "")
            connection.execute(sa.insert(there.tables[table]), whole)

        for code, parent in (("460000", None), ("460100", "460000"), ("460200", "460000")):
            put("units", code=code, tier="city", parent=parent, valid_to_us=None, synthetic=False)
        common = {"sources": "[]", "linked": "[]", "lead_agency": "police", "desk": "460100"}
        put("incidents", id="i1", code="2026-000001", seq=1, area="460200", asked="460000",
            joint_agencies='["customs","maritime"]', **common)  # fmt: skip
        put("incidents", id="i2", code="2026-000002", seq=2, area="", joint_agencies="[]", **common)
        steps = [
            ("report", '{"area":"460100"}'), ("join", '{"agency":"customs"}'),
            ("join", '{"agency":"health"}'), ("edit", '{"area":"460200"}'),
            ("join", '{"agency":"maritime"}'), ("leave", '{"agency":"health","reason":"x"}'),
        ]  # fmt: skip
        for n, (kind, fields) in enumerate(steps, 1):
            put("incident_steps", id=f"s{n}", incident_id="i1", version=n, kind=kind, fields=fields)
        put("incident_reach", incident_id="i1", attribute="shared_with", code="customs")
        put("incident_reach", incident_id="i1", attribute="areas", code="460200")
        command.upgrade(migration_config(connection), "1200_incident_seats")
    engine.dispose()
    with Records.open(url) as records, records._db.read() as connection:
        kept = incidents.one(connection, "i1").incident
        assert kept.joint_agencies == {Joint("customs", "460100"), Joint("maritime", "460200")}
        assert incidents.one(connection, "i2").incident.joint_agencies == frozenset()
        r = incidents.incident_reach.c
        rows = connection.execute(sa.select(r.incident_id, r.attribute, r.code)).all()
    assert {tuple(row) for row in rows} == {
        ("i1", "joint", "customs@460100"), ("i1", "joint", "maritime@460200"),
        ("i1", "shared_with", "@460000"),
        ("i1", "shared_with", "police/460200"), ("i2", "shared_with", "police/460100"),
    }  # fmt: skip


def test_erasure_requests_of_before_stay_and_submissions_wait_to_be_read(url: str) -> None:
    engine = _engine(_with_driver(sa.make_url(url)))
    with engine.begin() as connection:
        command.upgrade(migration_config(connection), "2200_forms")
        there = sa.MetaData()
        there.reflect(connection)

        def put(table: str, **row: object) -> None:
            whole: dict[str, object] = {}
            for column in there.tables[table].c:
                empty: object = None
                if not column.nullable:
                    empty = 0 if isinstance(column.type, sa.Integer | sa.BigInteger) else "x"
                    empty = b"x" if isinstance(column.type, sa.LargeBinary) else empty
                whole[column.name] = row.get(column.name, empty)
            connection.execute(sa.insert(there.tables[table]), whole)

        put("vault_cases", id="c")
        put("vault_subjects", id="s", case_id="c")
        put("evidence", id="e", case_id="c")
        put("vault_erasure_requests", id="r", subject_id="s", case_id="c", why=b"sealed")
        put("form_submissions", id="f", evidence_id="e")
    engine.dispose()
    with Records.open(url) as records:
        x, f = erasure_requests.c, form_submissions.c
        with records.database.write() as connection:
            row = connection.execute(sa.select(erasure_requests)).one()
            assert (row.id, row.subject_id, row.evidence_id, row.why) == ("r", "s", None, b"sealed")
            assert connection.execute(sa.select(f.read_as)).scalar_one() == 0
            of_answers = {**row._mapping, "id": "a", "subject_id": None, "evidence_id": "e"}
            connection.execute(sa.insert(erasure_requests), of_answers)
            columns = {"evidence_id": "e", "number": 0, "name": "phone", "index_key_id": "k"}
            sealed = {"token": b"t", "ciphertext": b"c"}
            connection.execute(sa.insert(answer_numbers), {**columns, **sealed})
        with records.database.read() as connection:
            found = connection.execute(sa.select(x.evidence_id).order_by(x.id)).scalars().all()
        assert found == ["e", None]
        with (
            pytest.raises(sa.exc.IntegrityError),
            records.database.write() as connection,
        ):
            connection.execute(
                sa.insert(erasure_requests), {**of_answers, "id": "b", "evidence_id": "z"}
            )
