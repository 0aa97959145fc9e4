"""`/responders` and `/tasks`: who is sent, from the offer to what was found."""

from fastapi import APIRouter

from littoral.api.tasks import bulk, responders, suggestion, tasks

router = APIRouter()
for _part in (bulk, responders, suggestion, tasks):
    router.include_router(_part.router)

__all__ = ["router"]
