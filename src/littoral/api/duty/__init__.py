"""`/duty`: who has the watch, and what goes from one watch to the next."""

from fastapi import APIRouter

from littoral.api.duty.bulk import router as bulk
from littoral.api.duty.desks import router as desks
from littoral.api.duty.log import router as log
from littoral.api.duty.papers import router as papers

router = APIRouter(tags=["duty"])
for _part in (desks, bulk, log, papers):
    router.include_router(_part)

__all__ = ["router"]
