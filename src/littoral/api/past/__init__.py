"""The past: questions, replay, statistics."""

from __future__ import annotations

from fastapi import APIRouter

from littoral.api.past import contacts, figures, questions, replay

router = APIRouter()
for _part in (questions, replay, figures, contacts):
    router.include_router(_part.router)
