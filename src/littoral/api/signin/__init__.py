"""Signing in over HTTP. `router` is to be included under /api/v1, `app.state.people` set to a
`People`; `current_user` says who asks, or None. Written up in docs/accounts.md.
"""

from __future__ import annotations

from fastapi import APIRouter

from littoral.api.signin import me, oidc, passkeys, session, start
from littoral.api.signin.context import People
from littoral.api.signin.guard import current_user, same_origin, signed_in

router = APIRouter(tags=["sign-in"])
for _module in (session, me, passkeys, start, oidc):
    router.include_router(_module.router)

__all__ = ["People", "current_user", "router", "same_origin", "signed_in"]
