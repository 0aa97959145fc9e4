"""What a gateway says later of the text messages that it took."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response

from littoral.api.gate import guarded
from littoral.api.problems import ProblemError
from littoral.api.reach.sight import REPORT, reaching
from littoral.link.sms.gateway import GatewayError

router = APIRouter()


@router.post(
    "/notices/reports",
    status_code=204,
    summary="What became of a text message, in the gateway's own form",
    **guarded(REPORT, kind="notice"),
)
def take_report(request: Request, given: Annotated[Any, Body()]) -> Response:
    running = reaching(request)
    try:
        running.report_of_gateway(given)
    except GatewayError as error:
        raise ProblemError(422, f"{error}.") from error
    return Response(status_code=204)
