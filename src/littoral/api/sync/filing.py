"""From a file that a phone sent to evidence custody, in the case of its incident.

Evidence belongs to a case, and whoever sends a photo from a beach opens none. So the server opens
one for the incident when its first file comes: of the desk that answers for it and the agency that
leads it, for the purpose that its type and that agency have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

from sqlalchemy.engine import Connection

from littoral.access import Resource
from littoral.api.custody import infected, unscanned
from littoral.api.gate import Gate, areas_of, safe_id
from littoral.api.problems import ProblemError
from littoral.api.sync import answers
from littoral.api.sync.arrived import Along, Arrived, Staged
from littoral.api.sync.call import Call
from littoral.api.sync.models import FileInput
from littoral.api.sync.turns import Turns
from littoral.engine.reconciling import SERVER
from littoral.link.clamd import ScanFailed, VirusFound
from littoral.respond.incident.flow import Incident, place_of
from littoral.respond.sync.purposes import Purposes, purposes_of
from littoral.store.evidence import custody
from littoral.store.evidence.custody import Beside, EvidenceRow
from littoral.store.evidence.media import MediaRefused
from littoral.store.incidents import Kept
from littoral.store.sync import records
from littoral.store.sync.records import FileOf, SyncRecord
from littoral.store.sync.uploads import Staging
from littoral.store.vault import cases
from littoral.store.vault.cases import Case, Opening
from littoral.store.vault.entries import AccessDenied, Ask, Entry
from littoral.store.vault.keyring import DataKey

ADD = "evidence.add"
BASIS = "statutory_duty"
_opening = Turns()  # two files at once open one case


def thing_of_file(gate: Gate, incident: Incident, shows_people: bool, office: str = "") -> Resource:
    """A file of the incident, as the policies take it: of the matter, before any case has it. One
    of a task lies with the office of who was sent too, as the task does."""
    areas = (*areas_of(gate, place_of(incident)), incident.desk, *areas_of(gate, office))
    return Resource(
        "personal" if shows_people else "operational",
        safe_id(incident.id),
        unit=incident.desk,
        agency=incident.lead_agency,
        areas=tuple(dict.fromkeys(areas)),
        kind="incident",
    )


# Writes what is kept of a file in the transaction that takes it in; with whether the sender may
# add to its matter where that lies now.
Keep = Callable[[Connection, FileOf, bool], None]


def take(
    call: Call, record: SyncRecord, given: FileInput, kept: Kept, keep: Keep, office: str = ""
) -> dict[str, Any] | None:
    """Takes the file in, or answers why not. Of what has moved a file is taken all the same, once
    it was sent for where it was. `office`: of who was sent, for a file of a task. Raises
    ProblemError."""
    gate, incident = call.gate, kept.incident
    if gate is None:
        raise ProblemError(503, "This server has no sign-in: it keeps no evidence.")
    with call.engine.records.database.read() as connection:
        known = records.same_file(connection, call.who.id, incident.id, given.sha256)
    staging = Staging(call.engine.settings.data_dir, gate.trust.vault)
    # Sent for it before, by this account. Where it shows more than was said then, custody is told.
    if known is not None and known.shows_people >= given.shows_people:
        with call.engine.records.database.write() as connection:
            keep(connection, replace(known, record=record.id), True)
        forget(staging, call.who.id, given.sha256)
        return None
    file = whole(call, staging, given.sha256, given.size)
    if isinstance(file, dict):
        return file
    thing = thing_of_file(gate, incident, given.shows_people, office)
    lies_here = call.allowed(ADD, thing)
    if not lies_here and not _could(call, gate, incident, given.shows_people):
        gate.require(call.who, ADD, thing)
    if (spoilt := unspoilt(file)) is not None:
        return spoilt
    with _case(call, gate, kept) as case:
        if case is None:
            return answers.refused(
                "purpose", "牵头单位对此类事件没有存证目的。",
                "The agency that leads it has no purpose for which files may be kept.",
            )  # fmt: skip
        return _into(call, gate, record, given, kept, keep, file, case, lies_here)


def _into(
    call: Call, gate: Gate, record: SyncRecord, given: FileInput, kept: Kept, keep: Keep,
    file: Arrived, where: Case | Opening, lies_here: bool,
) -> dict[str, Any] | None:  # fmt: skip
    """Into the case, which is opened with it where it is none yet; or why not."""
    incident = kept.incident
    opening = where if isinstance(where, Opening) else None
    case = where.case if isinstance(where, Opening) else where
    place = None if incident.lon_deg is None or incident.lat_deg is None else (
        incident.lon_deg, incident.lat_deg,
    )  # fmt: skip
    taken_us = None if given.taken_at is None else call.time_of(given.taken_at).at_us

    def beside(connection: Connection, row: EvidenceRow, _: DataKey) -> None:
        kept_file = FileOf(
            record.id, incident.id, row.id, case.id, row.sha256, row.media_type, row.size,
            given.shows_people,
        )  # fmt: skip
        keep(connection, kept_file, lies_here)

    row = into_custody(
        call, gate, case, file, (given.name, given.media_type),
        "personal" if given.shows_people else "operational", kept.code, taken_us, place, beside,
        opening,
    )  # fmt: skip
    return row if isinstance(row, dict) else None


def into_custody(
    call: Call,
    gate: Gate,
    case: Case,
    file: Arrived,
    named: tuple[str, str],
    data_class: str,
    note: str,
    taken_us: int | None = None,
    place: tuple[float, float] | None = None,
    beside: Beside | None = None,
    opening: Opening | None = None,
) -> EvidenceRow | dict[str, Any]:
    """What came whole, into the case; or the answer that says why not. `named`: as the sender calls
    it, and its type; `beside` and `opening`: as `custody.add` has them. Raises ProblemError."""
    ask = Ask(call.who.ref, case.id, case.purpose, case.legal_basis)
    name, media_type = named
    try:
        row = custody.add(
            gate.trust.vault, gate.trust.evidence, ask, file.read(), name, media_type,
            data_class, gate.trust.now_us(), gate.trust.record, note, taken_us, place,
            gate.scanning, beside, opening,
        )  # fmt: skip
    except VirusFound as error:
        file.drop()
        if opening is not None:  # that it was handed in stands in the case of its matter
            case = cases.open_case(
                gate.trust.vault, SERVER, case.title or "", case.purpose, BASIS, case.unit,
                gate.trust.now_us(), gate.trust.record, case.agency, opening.beside,
            )  # fmt: skip
        raise infected(gate, call.who, case, error) from error
    except ScanFailed as error:
        raise unscanned(error) from error
    except MediaRefused as error:
        file.drop()
        zh = f"文件未予收存：{error}。"
        return answers.refused("media", zh, f"The file is not taken: {error}.")
    except AccessDenied as error:
        if error.code == "case_closed":  # by the server, a moment ago: the next opens another one
            zh = "案件刚刚结案，将重新发送。"
            return answers.later("case_closed", zh, "Its case was closed just now; send it again.")
        return answers.refused("policy", str(error), str(error))
    file.drop()
    return row


def whole(call: Call, staging: Staging, sha256: str, size: int) -> Arrived | dict[str, Any]:
    """The file of that content, once all of it is here; or the answer that asks for it."""
    if call.file is not None:
        if len(call.file) == size:
            return Along(sha256, call.file)
    else:
        upload = staging.of_file(call.who.id, sha256)
        if upload is not None and upload.size == size == staging.offset(upload):
            return Staged(staging, upload)
    return answers.later("no_bytes", "文件尚未传完。", "The file is not whole at the server.")


def forget(staging: Staging, account: str, sha256: str) -> None:
    """Bytes of a record that needs them no more."""
    upload = staging.of_file(account, sha256)
    if upload is not None:
        staging.drop(upload)


def unspoilt(file: Arrived) -> dict[str, Any] | None:
    """The answer that asks for it anew where it is not what its hash says."""
    if file.is_what_it_says():
        return None
    file.drop()
    return answers.later(
        "no_bytes",
        "文件在途中损坏，将重新发送。",
        "The file was damaged on its way; send it again.",
    )


def _could(call: Call, gate: Gate, incident: Incident, shows_people: bool) -> bool:
    """Whether the sender might have added it while the incident lay in an own area."""
    there = thing_of_file(gate, incident, shows_people)
    return any(
        call.allowed(ADD, replace(there, unit=p.unit, areas=areas_of(gate, p.unit) or (p.unit,)))
        for p in call.who.principals
    )


@contextmanager
def _case(call: Call, gate: Gate, kept: Kept) -> Iterator[Case | Opening | None]:
    """The open case of the incident; where there is none, one that is to be opened with its first
    file, while nobody else opens one; None: for no purpose."""
    incident = kept.incident
    place = (incident.id, incident.desk, incident.lead_agency)
    with ExitStack() as held:
        held.enter_context(_opening.of(" ".join(place)))
        found: Case | Opening | None = _open_case(call, gate, place)
        if found is None:
            found = _to_open(call, gate, kept, place)
        else:
            held.close()
        yield found


def _open_case(call: Call, gate: Gate, place: Sequence[str]) -> Case | None:
    with call.engine.records.database.read() as connection:
        key = records.case_of(connection, place)
    found = cases.frame(gate.trust.vault, key) if key else None
    return found if found is not None and found.state == "open" else None


def _to_open(call: Call, gate: Gate, kept: Kept, place: Sequence[str]) -> Opening | None:
    incident, now_us = kept.incident, gate.trust.now_us()
    purpose = purposes().of(incident.type, incident.lead_agency)
    if not purpose:
        return None
    found = cases.to_open(
        gate.trust.vault, SERVER, f"事件 {kept.code}", purpose, BASIS, incident.desk, now_us,
        incident.lead_agency, lambda connection, key: records.keep_case(connection, place, key),
    )  # fmt: skip
    # Whose file it is opened for: the server itself asks for nothing.
    key = found.case.id
    asked = Entry(
        call.who.ref, "case.open", f"case:{key}", purpose, key, BASIS, now_us, "done",
        {"incident": incident.id, "by": SERVER},
    )  # fmt: skip
    return replace(found, entries=(*found.entries, asked))


@cache
def purposes() -> Purposes:
    """The table that comes with Littoral."""
    text = resources.files("littoral.respond.sync").joinpath("purposes.toml").read_text("utf-8")
    return purposes_of(text)
