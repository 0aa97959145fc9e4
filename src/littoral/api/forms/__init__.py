"""`/forms`: forms as XLSForm in and out, and `/form-submissions`: what was handed in by them."""

from fastapi import APIRouter

from littoral.api.forms import definitions, submissions

router = APIRouter(tags=["forms"])
for _part in (definitions, submissions):
    router.include_router(_part.router)

__all__ = ["router"]
