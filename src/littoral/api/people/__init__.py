"""Administration of people over HTTP: units, agencies, accounts, keys, sheets (docs/accounts.md).

Every route asks the policies about the place that it touches; every change is an entry of the log.
"""

from __future__ import annotations

from fastapi import APIRouter

from littoral.api.people import batches, bulk, keys, pairs, roles, sharings, units, users

router = APIRouter(tags=["people"])
for _module in (units, sharings, users, roles, pairs, batches, bulk, keys):
    router.include_router(_module.router)

__all__ = ["router"]
