"""What a resource function gets besides its parameters."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from littoral.engine.runtime import Runtime


async def _runtime(connection: HTTPConnection) -> Runtime:
    return connection.app.state.runtime


Engine = Annotated[Runtime, Depends(_runtime)]
