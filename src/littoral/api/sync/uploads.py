"""`/sync/uploads`: a file in resumable pieces, by the tus protocol 1.0.0 with the extensions
creation, expiration and termination (https://tus.io/protocols/resumable-upload).

A file is named by its SHA-256, which its creation has to say: begun twice it is one. It is taken
into custody once a record of its incident asks for it (`filing`); until then it is only its
sender's. Bytes that came before the line broke are kept.
"""

from __future__ import annotations

import base64
import binascii
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from littoral.api.custody import pieces_of
from littoral.api.deps import Engine
from littoral.api.gate import (
    Acting,
    Actor,
    Gate,
    described,
    gate_of,
    of_unit,
    same_origin_if_signed_in,
)
from littoral.api.problems import ProblemError, not_found
from littoral.api.sync.models import UploadModel
from littoral.api.wire import Json
from littoral.store.people.packaged import PROVINCE
from littoral.store.sync.uploads import KEEP_US, Staging, Upload

router = APIRouter()

VERSION = "1.0.0"
MOST_BYTES = 500 * 1024 * 1024  # a video of some minutes; longer ones are handed in at a desk
MOST_AT_ONCE, MOST_WAITING = 50, 2 * 1024 * 1024 * 1024  # of one account
ADD = "evidence.add"
BINARY = {"schema": {"type": "string", "format": "binary"}}
HEADERS = {"tus-resumable": VERSION, "cache-control": "no-store"}
_SHA256 = re.compile(r"[0-9a-f]{64}")
_busy: set[str] = set()  # uploads to which a request is writing
_busy_lock = threading.Lock()

_TUS: dict[int | str, dict[str, Any]] = {412: {"description": f"tus-resumable is not {VERSION}"}}
_BUSY: dict[int | str, dict[str, Any]] = {
    423: {"description": "Another is writing it; see `Retry-After`"}
}
_FULL: dict[int | str, dict[str, Any]] = {413: {"description": "The file is too long"}}

Tus = Annotated[str, Header(alias="tus-resumable", description="1.0.0")]
Length = Annotated[int, Header(alias="upload-length", ge=1, description="bytes of the file")]
Offset = Annotated[int, Header(alias="upload-offset", ge=0, description="bytes already there")]
Metadata = Annotated[
    str, Header(alias="upload-metadata", max_length=2000, description="`sha256` and its base64")
]


@router.post(
    "/sync/uploads",
    status_code=201,
    response_model=UploadModel,
    summary="Begin a file; its address is in `Location`",
    responses={422: {"description": "What it says of the file does not fit"}, **_TUS, **_FULL},
    **described(ADD),
)
def begin_upload(
    request: Request,
    engine: Engine,
    who: Acting,
    length: Length,
    metadata: Metadata,
    version: Tus = "",
) -> Json:
    staging, gate = _door(request, engine, who, version)
    if length > MOST_BYTES:
        raise ProblemError(413, f"A file may have at most {MOST_BYTES:,} bytes.")
    sha256 = _metadata(metadata).get("sha256", "")
    if not _SHA256.fullmatch(sha256):
        why = "upload-metadata: sha256 has to be the SHA-256 of the file in hexadecimal"
        raise ProblemError(422, why, {"upload-metadata": why})
    now_us = gate.trust.now_us()
    staging.sweep(now_us)
    if staging.of_file(who.id, sha256) is None:
        count, size = staging.of_account(who.id)
        if count >= MOST_AT_ONCE or size + length > MOST_WAITING:
            raise ProblemError(
                503, "Too many files of this account are on their way.", retry_after_s=60
            )
    upload = staging.begin(who.id, sha256, length, now_us)
    where, offset = f"{request.url.path}/{upload.id}", staging.offset(upload)
    return Json(
        {"id": upload.id, "offset": offset, "size": upload.size},
        status_code=201,
        headers={
            **HEADERS, "location": where, "upload-offset": str(offset),
            "upload-expires": _expires(upload),
        },
    )  # fmt: skip


@router.head(
    "/sync/uploads/{upload_id}",
    response_class=Response,
    summary="How much of it is there, in `Upload-Offset`",
    responses={**_TUS},
    **described(ADD),
)
def upload_offset(
    request: Request, engine: Engine, who: Acting, upload_id: str, version: Tus = ""
) -> Response:
    staging, _ = _door(request, engine, who, version)
    upload = _upload(staging, who, upload_id)
    return Response(
        status_code=200,
        headers={
            **HEADERS, "upload-offset": str(staging.offset(upload)),
            "upload-length": str(upload.size), "upload-expires": _expires(upload),
        },
    )  # fmt: skip


@router.patch(
    "/sync/uploads/{upload_id}",
    status_code=204,
    response_class=Response,
    summary="The bytes from `Upload-Offset` on; what came before the line broke is kept",
    responses={409: {"description": "The offset is another"}, **_TUS, **_BUSY, **_FULL},
    **described(
        ADD,
        requestBody={"required": True, "content": {"application/offset+octet-stream": BINARY}},
    ),
)
def write_upload(
    request: Request, engine: Engine, who: Acting, upload_id: str, offset: Offset, version: Tus = ""
) -> Response:
    staging, _ = _door(request, engine, who, version)
    upload = _upload(staging, who, upload_id)
    with _alone(upload):
        there = staging.offset(upload)
        if offset != there:
            raise ProblemError(
                409, f"{there} bytes are there.", {"upload-offset": f"is {there}"},
                more={"offset": there},
            )  # fmt: skip
        try:
            came = _at_most(request, upload.size - offset)
            there = max(staging.write(upload, offset, came), default=there)
        except ClientDisconnect as error:
            raise ProblemError(400, "The file was cut off; what came is kept.") from error
    return Response(status_code=204, headers={**HEADERS, "upload-offset": str(there)})


@router.delete(
    "/sync/uploads/{upload_id}",
    status_code=204,
    response_class=Response,
    summary="Give a file up that is on its way",
    responses={**_TUS, **_BUSY},
    **described(ADD),
)
def end_upload(
    request: Request, engine: Engine, who: Acting, upload_id: str, version: Tus = ""
) -> Response:
    staging, _ = _door(request, engine, who, version)
    upload = _upload(staging, who, upload_id)
    with _alone(upload):
        staging.drop(upload)
    return Response(status_code=204, headers=HEADERS)


def _door(request: Request, engine: Engine, who: Actor, version: str) -> tuple[Staging, Gate]:
    same_origin_if_signed_in(request)
    gate = gate_of(request)
    if gate is None:
        raise ProblemError(503, "This server has no sign-in: it keeps no evidence.")
    _require_any(gate, who)
    if version != VERSION:
        problem = ProblemError(412, f"Speak tus {VERSION}.", {"tus-resumable": f"is not {VERSION}"})
        problem.headers["tus-version"] = VERSION
        raise problem
    return Staging(engine.settings.data_dir, gate.trust.vault), gate


def _require_any(gate: Gate, who: Actor) -> None:
    """Whoever adds no evidence at all sends no file; to what it may be added is asked later."""
    context = gate.circumstances(who)
    for principal in who.principals:
        thing = of_unit(gate, "incident", principal.unit, agency=principal.agency)
        for purpose in ("", "epidemic_control"):
            if gate.decide(who, ADD, thing, gate.circumstances(who, purpose=purpose)).allowed:
                return
    unit = who.principals[0].unit if who.principals else PROVINCE
    gate.require(who, ADD, of_unit(gate, "incident", unit), context)


def _upload(staging: Staging, who: Actor, upload_id: str) -> Upload:
    upload = staging.of(who.id, upload_id)
    if upload is None:  # somebody else's is none either
        raise not_found("upload", upload_id)
    return upload


@contextmanager
def _alone(upload: Upload) -> Iterator[None]:
    """Two that write one file would make a mess of it: the second comes again."""
    with _busy_lock:
        if upload.id in _busy:
            raise ProblemError(423, "Another request is writing it.", retry_after_s=2)
        _busy.add(upload.id)
    try:
        yield
    finally:
        with _busy_lock:
            _busy.discard(upload.id)


def _at_most(request: Request, size: int) -> Iterator[bytes]:
    left = size
    for piece in pieces_of(request):
        left -= len(piece)
        if left < 0:
            raise ProblemError(413, "The file is longer than its creation said.")
        yield piece


def _metadata(header: str) -> dict[str, str]:
    """Pairs of a key and base64, by commas. Raises a 422 problem."""
    found = {}
    for pair in header.split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            why = f"upload-metadata: {key[:50]} is not base64"
            raise ProblemError(422, why, {"upload-metadata": why}) from error
    return found


def _expires(upload: Upload) -> str:
    when = datetime.fromtimestamp((upload.made_us + KEEP_US) / 1e6, UTC)
    return format_datetime(when, usegmt=True)
