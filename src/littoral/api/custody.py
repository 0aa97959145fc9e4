"""`/cases/{case_id}/evidence`: files handed in, shown, copied and exported, each step in the log.

What is given out is always a download: no original is ever shown as a document of our own pages.
Bytes follow only after the log has the step (`store.evidence.custody`).
"""

from __future__ import annotations

import base64
import functools
import itertools
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal
from urllib.parse import unquote

import anyio
from anyio import from_thread
from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, Field, ValidationError
from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse

from littoral.access import Circumstances, Resource
from littoral.api.cases import Body, Door, ask_of, case_of, refusals
from littoral.api.fields import Page, Time
from littoral.api.gate import Acting, Actor, Gate, described, of_case, under_case
from littoral.api.names import names_of
from littoral.api.params import Instant
from littoral.api.problems import ProblemError, not_found
from littoral.api.wire import Json, attachment, iso
from littoral.link.clamd import ScanFailed, TooLargeToScan, VirusFound
from littoral.store.evidence import bundle, custody, notes
from littoral.store.evidence.custody import EvidenceRow, Opened
from littoral.store.evidence.media import TYPES, MediaRefused
from littoral.store.evidence.notes import Noted
from littoral.store.vault import grants, holds, rules
from littoral.store.vault.cases import Case
from littoral.store.vault.grants import Grant
from littoral.store.vault.sealing import SealError

DataClass = Literal["operational", "personal", "sensitive"]
CLASSES = custody.DATA_CLASSES
MOST_BYTES = max(media.most_bytes for media in TYPES.values())
STALL_S = 30.0  # an upload of which nothing comes for so long has ended
AT_ONCE = 4  # uploads; each keeps a thread and a disk busy
SCANNER_RETRY_S = 60
TOO_LARGE_RETRY_S = 3600  # until somebody has raised the scanner's limit
_UPLOADS = threading.BoundedSemaphore(AT_ONCE)
REFUSED = {"too_large": 413, "empty": 422, "persons": 422}  # else 415
BINARY = {"schema": {"type": "string", "format": "binary"}}
GIVEN_OUT: dict[int | str, dict[str, Any]] = {
    200: {"description": "the bytes", "content": {"application/octet-stream": BINARY}}
}
router = APIRouter(tags=["evidence"])
_log = logging.getLogger(__name__)


class EvidenceAbout(Body):
    """What is noted with a file, in the header `x-littoral-evidence`."""

    data_class: DataClass
    name: str = Field("", max_length=200, description="of the file; its ending has to fit")
    media_type: str = Field("", max_length=100, description="if known; has to fit the content")
    note: str = Field("", max_length=1000)
    taken: Instant | None = Field(None, description="when the photo was taken")
    place: tuple[float, float] | None = Field(None, description="longitude, latitude")


class PieceModel(BaseModel):
    id: str
    case: str
    name: str | None = Field(
        description="of the file; null: only who may open the original sees it, of personal and "
        "sensitive evidence by a grant that reaches it"
    )
    note: str | None = Field(description="null as the name is")
    sha256: str = Field(description="of the original, hexadecimal")
    media_type: str
    kind: str = Field(description="photo, video, audio, document")
    size: int = Field(description="bytes")
    data_class: DataClass
    purpose: str
    added_by: str
    added: Time
    sealed: bool = Field(description="opened by order of a court only")
    log_index: int | None = Field(description="place in the log of its taking in")


class CustodyModel(BaseModel):
    """One step; `hash` is that of the next step's `previous`."""

    number: int
    step: Literal["add", "view", "copy", "bundle"]
    actor: str
    purpose: str
    case: str
    legal_basis: str
    time: Time
    hash: str
    previous: str
    log_index: int | None
    names: dict[str, str] = Field(description="of who is referred to here, with the login")


class ShowInput(Body):
    grant: str | None = Field(
        None, max_length=100, description="needed for personal and sensitive evidence"
    )


About = Annotated[
    str,
    Header(
        alias="x-littoral-evidence",
        max_length=20_000,
        description="JSON, percent-encoded (`encodeURIComponent`): data_class (operational, "
        "personal, sensitive), and where known name, media_type, note, taken, place",
    ),
]


@router.post(
    "/cases/{case_id}/evidence",
    status_code=201,
    response_model=PieceModel,
    summary="Hand in a file under the case",
    **described(
        "evidence.add",
        requestBody={"required": True, "content": {"application/octet-stream": BINARY}},
    ),
)
def add_evidence(request: Request, gate: Door, who: Acting, case_id: str, about: About) -> Json:
    """Looked at by its content, hashed and sealed as it comes in. The same file again in the same
    case is the one that is there."""
    row = taken_in(request, gate, who, case_id, about_of(about))
    opened = openable(gate, who, case_of(gate, case_id), [row])
    # What takes a grant is named in the list alone, where the log has it.
    shown = notes.noted(gate.trust.vault, [key for key, grant in opened.items() if grant is None])
    return Json(evidence_json(gate, [row], shown)[0], status_code=201)


def taken_in(
    request: Request, gate: Gate, who: Actor, case_id: str, noted: EvidenceAbout
) -> EvidenceRow:
    case = case_of(gate, case_id)
    gate.require(
        who, "evidence.add", thing(gate, who, case, noted.data_class), under_case(gate, who, case)
    )
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > MOST_BYTES:
        refused = ProblemError(413, f"A file may have at most {MOST_BYTES:,} bytes.")
        refused.headers["connection"] = "close"  # what is still to come is not waited for
        raise refused
    if not _UPLOADS.acquire(blocking=False):
        raise ProblemError(503, "Too many files are coming in; try again.", retry_after_s=5)
    try:
        with refusals():
            return custody.add(
                gate.trust.vault, gate.trust.evidence, ask_of(who, case), pieces_of(request),
                noted.name, noted.media_type, noted.data_class, gate.trust.now_us(),
                gate.trust.record, noted.note,
                noted.taken, noted.place, gate.scanning,
            )  # fmt: skip
    except VirusFound as error:
        raise infected(gate, who, case, error) from error
    except ScanFailed as error:
        raise unscanned(error) from error
    except MediaRefused as error:
        why = f"The file is not taken: {error}."
        raise ProblemError(REFUSED.get(error.code, 415), why, more={"code": error.code}) from error
    except ClientDisconnect as error:
        raise ProblemError(400, "The file was cut off.") from error
    finally:
        _UPLOADS.release()


def infected(gate: Gate, who: Actor, case: Case, error: VirusFound) -> ProblemError:
    """Told to the log, which alone keeps anything of it: an original in quarantine would be malware
    and personal data that nobody has a purpose for, and who handed it in still has it."""
    gate.trust.tell(
        who.ref, "evidence.infected", f"case:{case.id}", "failed",
        case.purpose, case.id, case.legal_basis, found=error.name,
    )  # fmt: skip
    zh = f"扫描程序在文件中发现 {error.name}，未予收存。"
    en = f"The scanner found {error.name} in the file; it was not kept."
    more = {"code": "infected", "found": error.name, "reason": {"zh": zh, "en": en}}
    return ProblemError(422, en, more=more)


def unscanned(error: ScanFailed) -> ProblemError:
    """Nothing is kept of which nobody knows whether it is clean."""
    if isinstance(error, TooLargeToScan):
        zh = "文件超出病毒扫描程序可检查的大小，未予收存。请分段提交，或请管理员调高上限。"
        en = (
            "The file is larger than the virus scanner looks at; it was not kept. Hand it in in "
            "parts, or have the scanner's limit raised."
        )
        code, wait_s = "too_large_to_scan", TOO_LARGE_RETRY_S
    else:
        _log.warning("evidence was not taken in: %s", error)
        zh = "病毒扫描程序暂不可用，文件未予收存。请稍后重试。"
        en = "The virus scanner cannot be reached; the file was not kept. Try again later."
        code, wait_s = "unscanned", SCANNER_RETRY_S
    more = {"code": code, "reason": {"zh": zh, "en": en}}
    # The connection stays open: closed with half a file unread, the answer would be lost with it.
    return ProblemError(503, en, more=more, retry_after_s=wait_s)


@router.get(
    "/cases/{case_id}/evidence",
    response_model=Page[PieceModel],
    summary="Evidence of the case: no content, and names of what the caller may open",
    **described("evidence.read"),
)
def list_evidence(gate: Door, who: Acting, case_id: str) -> Json:
    """Of the classes of data that the caller may see, of those about persons by a grant. What is
    listed is needed to ask for one."""
    case = case_of(gate, case_id)
    gate.require(
        who, "evidence.read", thing(gate, who, case, "operational"), under_case(gate, who, case)
    )
    context = by_some_grant(gate, who, case)
    seen = {
        c
        for c in CLASSES
        if gate.decide(who, "evidence.read", thing(gate, who, case, c), context).allowed
    }
    rows = [r for r in custody.evidence_of(gate.trust.vault, case.id) if r.data_class in seen]
    opened = openable(gate, who, case, rows)
    under = {key: grant.id for key, grant in opened.items() if grant is not None}
    gate.trust.tell(
        who.ref, "evidence.read", f"case:{case.id}", "allow", case.purpose, case.id,
        case.legal_basis, step="list", shown=len(rows), named_under=under,
    )  # fmt: skip
    shown = notes.noted(gate.trust.vault, opened)
    return Json({"items": evidence_json(gate, rows, shown), "next_cursor": None})


@router.get(
    "/cases/{case_id}/evidence/{evidence_id}/custody",
    response_model=Page[CustodyModel],
    summary="Who did what with it, oldest first",
    **described("evidence.read"),
)
def evidence_custody(gate: Door, who: Acting, case_id: str, evidence_id: str) -> Json:
    """Seen by whom the piece is listed to: it tells nothing of its content."""
    case = case_of(gate, case_id)
    piece = piece_of(gate, evidence_id)
    if piece.case != case.id:  # whoever works in one case learns nothing of another's
        raise not_found("evidence", evidence_id)
    require_piece(gate, who, case, piece, by_some_grant(gate, who, case))
    gate.trust.tell(
        who.ref, "evidence.read", f"evidence:{evidence_id}", "allow", case.purpose, case.id,
        case.legal_basis, step="custody",
    )  # fmt: skip
    links = custody.chain(gate.trust.vault, evidence_id)
    names = names_of(gate, {link.document["actor"] for link in links}, logins=True)
    items = [
        {
            **{k: link.document[k] for k in ("number", "step", "actor", "purpose", "previous")},
            "case": link.document["case"],
            "legal_basis": link.document["legal_basis"],
            "time": iso(link.document["time_us"]),
            "hash": link.hash,
            "log_index": link.log_index,
            "names": {r: name for r, name in names.items() if r == link.document["actor"]},
        }
        for link in links
    ]
    return Json({"items": items, "next_cursor": None})


@router.post(
    "/cases/{case_id}/evidence/{evidence_id}/view",
    response_class=StreamingResponse,
    responses=GIVEN_OUT,
    summary="The original, to look at; in the log before a byte is sent",
    **described("evidence.read"),
)
def view_evidence(
    gate: Door, who: Acting, case_id: str, evidence_id: str, wanted: ShowInput
) -> StreamingResponse:
    return given_out(gate, who, case_id, evidence_id, wanted.grant, custody.VIEW)


@router.post(
    "/cases/{case_id}/evidence/{evidence_id}/copy",
    response_class=StreamingResponse,
    responses=GIVEN_OUT,
    summary="The original, to keep; in the log before a byte is sent",
    **described("evidence.read"),
)
def copy_evidence(
    gate: Door, who: Acting, case_id: str, evidence_id: str, wanted: ShowInput
) -> StreamingResponse:
    return given_out(gate, who, case_id, evidence_id, wanted.grant, custody.COPY)


@router.post(
    "/cases/{case_id}/evidence/{evidence_id}/bundle",
    response_class=StreamingResponse,
    responses={200: {"description": "a ZIP file", "content": {"application/zip": BINARY}}},
    summary="The bundle for a court: original, custody, proofs, and a program that checks them",
    **described("evidence.read"),
)
def bundle_evidence(
    gate: Door, who: Acting, case_id: str, evidence_id: str, wanted: ShowInput
) -> StreamingResponse:
    case = allowed_to_see(gate, who, case_id, evidence_id, wanted.grant)
    log = gate.trust.log
    parts = bundle.LogParts(
        lambda index: str(log.proof(index)).encode(),
        str(log.key.public),
        tuple(str(witness.key) for witness in log.witnesses.all),
        str(log.publish().note).encode(),
    )
    with refusals():
        opened, pieces = bundle.open_bundle(
            gate.trust.vault, gate.trust.evidence, ask_of(who, case), evidence_id,
            gate.trust.now_us(), gate.trust.record, wanted.grant, parts,
        )  # fmt: skip
    headers = download(f"evidence-{opened.row.id}.zip")
    return StreamingResponse(begun(pieces), headers=headers, media_type="application/zip")


def given_out(
    gate: Gate, who: Actor, case_id: str, evidence_id: str, grant_id: str | None, how: str
) -> StreamingResponse:
    case = allowed_to_see(gate, who, case_id, evidence_id, grant_id)
    with refusals():
        opened = custody.show(
            gate.trust.vault, gate.trust.evidence, ask_of(who, case), evidence_id,
            gate.trust.now_us(), gate.trust.record, how, grant_id,
        )  # fmt: skip
    row = opened.row
    digest = base64.b64encode(bytes.fromhex(row.sha256)).decode()
    headers = {
        **download(bundle.safe_name(opened)),
        "content-length": str(row.size),
        "content-digest": f"sha-256=:{digest}:",  # RFC 9530
    }
    return StreamingResponse(
        begun(opened.read()), headers=headers, media_type=media_type(opened, how)
    )


def media_type(opened: Opened, how: str) -> str:
    """Of photos, videos and recordings that are to be looked at their own; documents, which may
    hold scripts, are bytes to the browser."""
    shown = how == custody.VIEW and TYPES[opened.row.media_type].kind != "document"
    return opened.row.media_type if shown else "application/octet-stream"


def download(name: str) -> dict[str, str]:
    """Headers by which no browser shows the file as a page (RFC 6266)."""
    return {
        "content-disposition": attachment(name),
        "content-security-policy": "sandbox; default-src 'none'",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
    }


def begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same, with the first piece taken: what is wrong with it is still a problem to answer."""
    try:
        first = next(pieces, b"")
    except (SealError, bundle.Altered, FileNotFoundError) as error:
        why = "The stored original is damaged or gone; it is not given out."
        raise ProblemError(410, why) from error
    return itertools.chain([first], pieces)


def pieces_of(request: Request) -> Iterator[bytes]:
    """The body as it comes, for a thread of the server's own pool."""
    stream = request.stream()

    async def following() -> bytes | None:
        with anyio.fail_after(STALL_S):
            return await anext(stream, None)

    while True:
        try:
            piece = from_thread.run(following)
        except TimeoutError as error:
            raise ProblemError(400, f"Nothing came for {STALL_S:g} s.") from error
        if piece is None:
            return
        yield piece


def about_of(header: str) -> EvidenceAbout:
    try:
        return EvidenceAbout.model_validate_json(unquote(header, errors="strict"))
    except UnicodeDecodeError as error:
        why = "x-littoral-evidence: is not percent-encoded UTF-8"
        raise ProblemError(422, why, {"x-littoral-evidence": why}) from error
    except ValidationError as error:
        fields = {
            ".".join(["x-littoral-evidence", *map(str, e["loc"])]): str(e["msg"])
            for e in error.errors()[:20]
        }
        detail = "; ".join(f"{k}: {v}" for k, v in fields.items())
        raise ProblemError(422, detail[:1000], fields) from error


def allowed_to_see(
    gate: Gate, who: Actor, case_id: str, evidence_id: str, grant_id: str | None
) -> Case:
    """The case under which it is asked for, when the policies allow it; a problem else."""
    case = case_of(gate, case_id)
    row = piece_of(gate, evidence_id)
    with refusals():
        grant = None if grant_id is None else grants.grant(gate.trust.vault, grant_id)
    require_piece(gate, who, case, row, under_case(gate, who, case, grant))
    return case


def piece_of(gate: Gate, evidence_id: str) -> EvidenceRow:
    """Raises a 404 problem, 410 for one that was erased."""
    with refusals():
        return custody.found(gate.trust.vault, evidence_id)


def require_piece(
    gate: Gate, who: Actor, case: Case, row: EvidenceRow, context: Circumstances
) -> None:
    """Raises a 403 problem when the policies do not let it be read under that case."""
    sealed = bool(holds.sealed_by_court(gate.trust.vault, {row.id}))
    own = case if row.case == case.id else case_of(gate, row.case)
    resource = thing(gate, who, own, row.data_class, row.id, "sealed" if sealed else "evidence")
    gate.require(who, "evidence.read", resource, context)


def by_some_grant(gate: Gate, who: Actor, case: Case) -> Circumstances:
    """Those under the case if the caller held a grant that others have approved."""
    until_us = gate.trust.now_us() + rules.HOUR_US
    return under_case(gate, who, case, grant_until_us=until_us, second_person=True)


def thing(
    gate: Gate, who: Actor, case: Case, data_class: str, key: str = "-", kind: str = "evidence"
) -> Resource:
    return of_case(gate, kind, case, key, data_class)


def openable(
    gate: Gate, who: Actor, case: Case, rows: Sequence[EvidenceRow]
) -> dict[str, Grant | None]:
    """Of the case's `rows` those whose original the caller may open now, by policy and rules, each
    with the grant that it takes."""
    vault = gate.trust.vault
    sealed = holds.sealed_by_court(vault, {row.id for row in rows})
    found = notes.openable(vault, ask_of(who, case), rows, gate.trust.now_us())

    @functools.cache
    def is_allowed(data_class: str, kind: str, grant: Grant | None) -> bool:
        resource = thing(gate, who, case, data_class, kind=kind)
        context = under_case(gate, who, case, grant)
        return gate.decide(who, "evidence.read", resource, context).allowed

    return {
        row.id: found[row.id]
        for row in rows
        if row.id in found
        and is_allowed(row.data_class, "sealed" if row.id in sealed else "evidence", found[row.id])
    }


def evidence_json(
    gate: Gate, rows: list[EvidenceRow], shown: Mapping[str, Noted]
) -> list[dict[str, Any]]:
    """As `PieceModel`, in the same order; `shown`: what was noted, of those that are named."""
    sealed = holds.sealed_by_court(gate.trust.vault, {row.id for row in rows})
    first = custody.first_places(gate.trust.vault, [row.id for row in rows])
    return [
        {
            "id": row.id,
            "case": row.case,
            "name": shown[row.id].name if row.id in shown else None,
            "note": shown[row.id].note if row.id in shown else None,
            "sha256": row.sha256,
            "media_type": row.media_type,
            "kind": TYPES[row.media_type].kind,
            "size": row.size,
            "data_class": row.data_class,
            "purpose": row.purpose,
            "added_by": row.added_by,
            "added": iso(row.added_us),
            "sealed": row.id in sealed,
            "log_index": first.get(row.id),
        }
        for row in rows
    ]
