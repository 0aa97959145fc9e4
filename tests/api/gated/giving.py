"""How agreements between units, batches of accounts, forms and impact assessments are asked: for
`questions.py`."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from littoral.api.wire import iso
from littoral.store.evidence import custody
from littoral.store.evidence.custody import EvidenceRow
from littoral.store.forms import submissions, versions
from littoral.store.forms.convert import Converted, convert_form
from littoral.store.forms.reading import READ_AS
from littoral.store.forms.submissions import Submission
from littoral.store.forms.versions import FormVersion
from littoral.store.people import account_changes
from littoral.store.people.accounts import Membership
from littoral.store.people.ids import uuid7
from littoral.store.people.sharings import Wanted
from littoral.store.vault import assessments, grants
from littoral.store.vault.assessments import Wanted as AssessmentWanted
from littoral.store.vault.entries import Ask
from littoral.store.vault.ids import new_id
from littoral.store.vault.keyring import DataKey
from tests.store.forms.workbooks import form

from .scene import DAILY, PURPOSES

if TYPE_CHECKING:
    from .questions import Question

RAW = {"content-type": "application/octet-stream"}
# Nobody who asks has it for a unit of theirs, and no thing lies in it.
RECEIVES = "460300"
HOUR_US = 3_600_000_000
ANSWERS = b'<data id="visit" version="1"><home>an address</home></data>'


@cache
def _workbook() -> bytes:
    return form(
        ("date", "day", "日期", "Day", "yes", "", "yes"), ("text", "home", "住址", "Address")
    )


@cache
def _converted() -> Converted:
    return convert_form(_workbook(), "visit.xlsx", "1")


def _purpose(q: Question) -> str:
    """No form is for oversight."""
    purpose = PURPOSES.get(q.asker.role, DAILY)[0]
    return DAILY[0] if purpose == "oversight" else purpose


def _made(q: Question) -> FormVersion:
    """A form in force, of the unit and the asker's agency."""
    scene, made = q.scene, _converted()
    now_us = scene.trust.now_us()
    by = scene.account("county_clerk", q.agency, q.unit)
    # Each of its own: a later version would end the one before.
    name = f"visit_{uuid.uuid4().hex[:12]}"
    version = FormVersion(
        new_id(now_us), q.unit, q.agency, name, made.version, made.title, _purpose(q),
        made.is_open, made.questions_json(), list(made.warnings), made.sha256, "visit.xlsx", by,
        now_us, now_us, by, None, None,
    )  # fmt: skip
    with scene.base.database.write() as connection:
        return versions.add(connection, version, made.xform, _workbook())


def _form(q: Question) -> None:
    q.values["name"] = "patrol"
    if "shipped" not in q.path and not q.path.endswith("/upload"):
        q.values["form"] = q.thing = _made(q).id


def _submission(q: Question) -> None:
    """Handed in by a colleague, in a case of the unit, with answers that are sealed; who may ask
    for access has it."""
    scene, version = q.scene, _made(q)
    by = scene.account("grid_worker", q.agency, q.unit)
    ask = scene.case(q.asker, q.unit, f"account:{by}")
    trust, now_us = scene.trust, scene.trust.now_us()
    key = str(uuid.uuid4())

    def beside(connection: Connection, row: EvidenceRow, under: DataKey) -> None:
        made = Submission(
            key, version.id, q.unit, q.unit, q.agency, by, now_us, now_us, ask.case, row.id,
            "personal",
        )  # fmt: skip
        listed = submissions.seal_open(under, key, [("/data/day", "2026-11-29")], 1)
        submissions.add(connection, made, listed, READ_AS)

    custody.add(
        trust.vault, trust.evidence, ask, [ANSWERS], "visit.txt", "text/plain", "personal",
        now_us, trust.record, beside=beside,
    )  # fmt: skip
    q.values |= {"submission": key, "case_id": ask.case, "form_id": version.form_id}
    q.thing = key


def _answers(q: Question) -> None:
    _submission(q)
    scene = q.scene
    case, now_us = q.values["case_id"], scene.trust.now_us()
    purpose, basis = PURPOSES.get(q.asker.role, DAILY)
    who = q.asker.ref or scene.colleague(q.agency, q.unit)
    q.values["grant"] = grants.ask_for(
        scene.trust.vault, Ask(who, case, purpose, basis), "read", "personal", now_us + HOUR_US,
        "who lives by the quay", now_us, scene.trust.record, whole_case=True,
    ).id  # fmt: skip


def _batch(q: Question) -> None:
    """What a colleague's import proposed; what is taken back, the asker's own."""
    scene = q.scene
    account = scene.account("grid_worker", q.agency, q.unit)
    role = Membership("investigator", q.unit, scene.agency(q.agency, q.unit))
    by = q.asker.id if q.method == "DELETE" and q.asker.id else "somebody else"
    now_us = scene.base.now_us()
    q.values["batch_id"] = q.thing = uuid7(now_us)
    with scene.base.database.write() as connection:
        account_changes.propose(
            connection, account, account_changes.GRANT, role, "a list", by, now_us, q.thing
        )


def _sharing(q: Question) -> None:
    if q.method == "POST" and "{sharing_id}" not in q.path:
        return
    wanted = Wanted(q.unit, RECEIVES, "incident", "joint watch of the strait", q.agency)
    by = q.scene.colleague(q.agency, q.unit)
    q.values["sharing_id"] = q.thing = q.scene.directory.share(wanted, by).id


def _wanted(q: Question) -> dict[str, Any]:
    """What an impact assessment of the unit and the asker's agency says."""
    return {
        "purpose": PURPOSES.get(q.asker.role, DAILY)[0], "unit": q.unit, "agency": q.agency,
        "what": ["id_number"],
        "necessity": "Necessary by law to know who somebody is; nothing milder does.",
        "impact": "Who somebody is becomes known to those who work on the case.",
        "measures": "Sealed, by case and for hours, agreed to by another, in the log.",
        "ends": str(iso(q.scene.trust.now_us() + 365 * 24 * HOUR_US)),
    }  # fmt: skip


def _assessment(q: Question) -> None:
    """Written by a colleague; it waits."""
    scene, said = q.scene, _wanted(q)
    by, now_us = scene.account("data_protection_officer", q.agency, q.unit), scene.trust.now_us()
    made = assessments.write(
        scene.trust.vault, f"account:{by}",
        AssessmentWanted(
            said["purpose"], q.unit, q.agency, tuple(said["what"]), said["necessity"],
            said["impact"], said["measures"], now_us, now_us + 365 * 24 * HOUR_US,
        ),
        now_us, scene.trust.record,
    )  # fmt: skip
    q.values["assessment"] = q.thing = made.id


FILLERS: tuple[tuple[str, Callable[[Question], None]], ...] = (
    ("/cases/{case_id}/form-submissions", _answers),
    ("/form-submissions", _submission),
    ("/forms", _form),
    ("/account-batches", _batch),
    ("/sharings", _sharing),
    ("/assessments", _assessment),
)


def _share(q: Question) -> dict[str, Any]:
    body = {
        "unit": q.unit, "agency": q.agency, "shared_with": RECEIVES, "kind": "incident",
        "reason": "joint watch of the strait",
    }  # fmt: skip
    return {"json": body}


SENT: dict[tuple[str, str], Callable[[Question], dict[str, Any]]] = {
    ("POST", "/cases/{case_id}/form-submissions/{submission}/answers"): lambda q: {
        "json": {"grant": q.values["grant"]},
    },
    ("GET", "/form-submissions.csv"): lambda q: {"params": {"form": q.values["form_id"]}},
    ("POST", "/forms/upload"): lambda q: {
        "content": _workbook(), "headers": RAW,
        "params": {"name": "visit.xlsx", "purpose": _purpose(q), "unit": q.unit, "keep": "true"},
    },
    ("POST", "/forms/{form}/publish"): lambda _: {"json": {}},
    ("POST", "/account-batches/{batch_id}/decision"): lambda _: {"json": {"agree": True}},
    ("POST", "/sharings"): _share,
    ("POST", "/assessments"): lambda q: {"json": _wanted(q)},
    ("POST", "/assessments/{assessment}/decision"): lambda _: {"json": {"agree": True}},
    ("POST", "/sharings/{sharing_id}/end"): lambda _: {"json": {"reason": "it is over"}},
}  # fmt: skip
