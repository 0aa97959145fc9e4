"""From a form that was filled in on a phone to evidence custody.

Its answers come as a file, sealed piece by piece, and lie in a case: they are read there alone, for
the purpose of the form. What the form says may be listed is kept besides, under the same key."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.engine import Connection

from littoral.access import Principal, Resource
from littoral.api.forms.sight import READ, thing_of
from littoral.api.gate import Gate, areas_of
from littoral.api.incidents.reporting import desks_of
from littoral.api.problems import ProblemError
from littoral.api.sync import answers, filing
from littoral.api.sync.call import Call
from littoral.api.sync.models import FormFileInput, SubmitInput
from littoral.api.sync.turns import Turns
from littoral.engine.reconciling import SERVER
from littoral.store.evidence.custody import EvidenceRow
from littoral.store.forms import submissions, versions
from littoral.store.forms.answers import MOST_BYTES, NoSubmission, read_submission
from littoral.store.forms.own import own_values
from littoral.store.forms.reading import READ_AS
from littoral.store.forms.sensitive import OPERATIONAL
from littoral.store.forms.submissions import FormFile, Submission
from littoral.store.forms.versions import FormVersion
from littoral.store.sync.records import SyncRecord
from littoral.store.sync.uploads import Staging
from littoral.store.vault import answer_numbers, cases
from littoral.store.vault.cases import Case
from littoral.store.vault.fields import PERSONAL, SENSITIVE
from littoral.store.vault.keyring import DataKey
from littoral.store.vault.vault import Erased

ADD = filing.ADD
AS_TEXT = "text/plain"  # evidence takes in no markup; answers are never shown as any
_opening = Turns()  # two forms at once open one case


def submit(call: Call, record: SyncRecord, given: SubmitInput) -> dict[str, Any]:
    """Raises ProblemError."""
    gate = _gate(call)
    if record.thing != record.id:
        why = "a form's thing is its own id"
        return answers.refused("malformed", "表单记录的编号与事项编号不一致。", why)
    with call.engine.records.database.read() as connection:
        form = versions.one(connection, str(given.form))
        there = submissions.one(connection, record.id)
    staging = Staging(call.engine.settings.data_dir, gate.trust.vault)
    if there is not None and there.account == call.who.id:
        # It was taken, and the answer was lost before it was kept.
        filing.forget(staging, call.who.id, given.sha256)
        return answers.taken()
    if there is not None:
        return answers.other()
    if submissions.claim(gate.trust.vault, record.id, call.who.id, given.sha256):
        filing.forget(staging, call.who.id, given.sha256)
        return answers.taken()
    if form is None or form.from_us is None:
        return answers.refused("unknown", "没有这个表单。", "There is no such form.")
    place = _place(call, gate, form)
    file = filing.whole(call, staging, given.sha256, given.size)
    if isinstance(file, dict):
        return file
    desk = desks_of(gate, place.unit)[-1]
    asked = OPERATIONAL if form.is_open else PERSONAL
    _require_adding(call, gate, form, place.unit, desk, asked)
    if given.size > MOST_BYTES:
        file.drop()
        return answers.refused(
            "too_large", "表单内容过大。", f"The answers have more than {MOST_BYTES:,} bytes."
        )
    if (spoilt := filing.unspoilt(file)) is not None:
        return spoilt
    try:
        with call.engine.records.database.read() as connection:
            own = own_values(versions.files(connection, form.id)[0], form.questions)
        found = read_submission(
            b"".join(file.read()), form.form_id, form.version, form.questions, own
        )
    except NoSubmission as error:
        file.drop()
        return answers.refused("form", f"与表单不符：{error}。", f"It does not fit: {error}.")
    data_class = form.class_of(found.answered, found.numbers)
    if asked == OPERATIONAL and data_class != OPERATIONAL:  # something else than was asked for
        _require_adding(call, gate, form, place.unit, desk, PERSONAL)
    case = _case(call, gate, form, desk)

    def beside(connection: Connection, row: EvidenceRow, key: DataKey) -> None:
        """With the evidence, so that no answers lie where nobody finds them."""
        vault = gate.trust.vault
        made = Submission(
            record.id, form.id, desk, place.unit, form.agency, call.who.id, record.at_us,
            record.received_us, case.id, row.id, row.data_class,
        )  # fmt: skip
        listed = submissions.seal_open(key, made.id, found.open, found.answered)
        answer_numbers.put(vault, connection, row.id, found.numbers, gate.trust.now_us())
        submissions.add(connection, made, listed, READ_AS)

    row = filing.into_custody(
        call, gate, case, file, (f"{form.form_id}.txt", AS_TEXT), data_class,
        f"{form.title} {form.version}", beside=beside,
    )  # fmt: skip
    return answers.taken() if isinstance(row, EvidenceRow) else row


def add_file(call: Call, record: SyncRecord, given: FormFileInput) -> dict[str, Any]:
    """Raises ProblemError."""
    gate = _gate(call)
    with call.engine.records.database.read() as connection:
        of = submissions.one(connection, record.thing)
        form = None if of is None else versions.one(connection, of.form_version)
        there = submissions.has_file(connection, record.id)
        gone = of is not None and submissions.is_erased(connection, of)
    if of is None or form is None:
        return answers.unknown()
    if of.account != call.who.id:  # somebody else's is none, and that it was tried is in the log
        gate.trust.tell(
            call.who.ref, ADD, f"submission:{of.id}", "deny", form.purpose, record=record.kind
        )
        return answers.unknown()
    staging = Staging(call.engine.settings.data_dir, gate.trust.vault)
    if there:  # as above
        filing.forget(staging, call.who.id, given.sha256)
        return answers.taken()
    if gone:
        filing.forget(staging, call.who.id, given.sha256)
        return answers.erased()
    file = filing.whole(call, staging, given.sha256, given.size)
    if isinstance(file, dict):
        return file
    # Whether people can be seen in it nobody was asked: it is guarded as if they could.
    _require_adding(call, gate, form, of.place, of.unit, PERSONAL)
    data_class = SENSITIVE if of.data_class == SENSITIVE else PERSONAL
    if (spoilt := filing.unspoilt(file)) is not None:
        return spoilt
    case = cases.frame(gate.trust.vault, of.case_id)
    if case.state != "open":
        case = _case(call, gate, form, of.unit)

    def beside(connection: Connection, row: EvidenceRow, _: DataKey) -> None:
        if submissions.is_erased(connection, of):  # while the file came in
            raise Erased(f"the answers {of.id} were erased")
        file = FormFile(record.id, of.id, row.id, case.id, row.media_type, row.size)
        submissions.add_file(connection, file)

    try:
        row = filing.into_custody(
            call, gate, case, file, (given.name, given.media_type), data_class,
            f"{form.title} {form.version}", record.at_us, beside=beside,
        )  # fmt: skip
    except Erased:
        file.drop()
        return answers.erased()
    return answers.taken() if isinstance(row, EvidenceRow) else row


def _gate(call: Call) -> Gate:
    if call.gate is None:
        raise ProblemError(503, "This server has no sign-in: it keeps no forms.")
    return call.gate


def _place(call: Call, gate: Gate, form: FormVersion) -> Principal:
    """For which of the caller's units it is handed in: the first that was given the form. Raises a
    403 problem where none was."""
    thing = thing_of(gate, form.unit, form.agency, form.id)
    gate.require(call.who, READ, thing)
    context = gate.circumstances(call.who)
    decider = gate.in_force()
    for principal in call.who.principals:
        if decider.decide(principal, READ, thing, context).allowed:
            return principal
    return call.who.principals[0]


def _require_adding(
    call: Call, gate: Gate, form: FormVersion, place: str, desk: str, data_class: str
) -> None:
    """Asked as of what shows persons where it is sensitive too: whoever was given the form to fill
    in hands in what it asks for, and a number that somebody wrote into a note is better sealed here
    than refused. Who may open it is another question."""
    areas = tuple(dict.fromkeys((*areas_of(gate, place), *areas_of(gate, desk), desk)))
    thing = Resource(
        data_class, unit=desk, agency=form.agency, areas=areas, purpose=form.purpose, kind="form"
    )
    context = gate.circumstances(call.who, purpose=form.purpose, legal_basis=filing.BASIS)
    gate.require(call.who, ADD, thing, context)


def _case(call: Call, gate: Gate, form: FormVersion, desk: str) -> Case:
    """The open case of the form at that desk in this month, opened now if there is none."""
    vault, now_us = gate.trust.vault, gate.trust.now_us()
    month = datetime.fromtimestamp(now_us / 1e6, UTC).strftime("%Y-%m")
    place = (form.form_id, desk, form.agency, form.purpose, month)
    database = call.engine.records.database
    with _opening.of(" ".join(place)):
        with database.read() as connection:
            key = submissions.case_of(connection, place)
        if key and (found := cases.frame(vault, key)).state == "open":
            return found
        made = cases.open_case(
            vault, SERVER, f"表单 {form.title} {month}"[: cases.MAX_TITLE], form.purpose,
            filing.BASIS, desk, now_us, gate.trust.record, form.agency,
            lambda connection, key: submissions.keep_case(connection, place, key),
        )  # fmt: skip
        # Whose form it was opened for: the server itself asks for nothing.
        gate.trust.tell(
            call.who.ref, "case.open", f"case:{made.id}", "done", form.purpose, made.id,
            filing.BASIS, form=form.id, by=SERVER,
        )  # fmt: skip
        return made
