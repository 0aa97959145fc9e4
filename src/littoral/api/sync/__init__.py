"""`/sync`: phones send what was noted without a network, and get what they may have now."""

from fastapi import APIRouter

from littoral.api.sync import changes, push, submissions, uploads

router = APIRouter(tags=["sync"])
for _part in (push, changes, uploads, submissions):
    router.include_router(_part.router)

__all__ = ["router"]
