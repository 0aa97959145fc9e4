"""Refusals of the store as problems; and the answer to who has signed in."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import Request

from littoral.api.problems import ProblemError
from littoral.api.signin.context import People
from littoral.api.signin.guard import set_cookie, unauthenticated
from littoral.api.signin.models import me_json
from littoral.api.signin.queue import Busy
from littoral.api.wire import Json
from littoral.store.people.account_changes import SamePerson
from littoral.store.people.accounts import AccountRefused
from littoral.store.people.api_keys import KeyRefused
from littoral.store.people.lockout import TooManyAttempts
from littoral.store.people.own_credentials import ProveAgain
from littoral.store.people.password_rules import WeakPassword
from littoral.store.people.signin import LinkRefused, SecondFactorNeeded, SignedIn, SignInRefused

REFUSED = "Name, password or code is wrong."


@contextmanager
def refusals(password_field: str = "password") -> Iterator[None]:
    """What the store refuses becomes a problem; `password_field` is what a weak one is named."""
    try:
        yield
    except SecondFactorNeeded as error:
        raise unauthenticated("The code of the authenticator is wanted too.", "code") from error
    except SignInRefused as error:
        raise unauthenticated(REFUSED) from error
    except ProveAgain as error:
        raise ProblemError(403, str(error), more={"needs": "sign_in"}) from error
    except LinkRefused as error:
        raise ProblemError(410, str(error)) from error
    except WeakPassword as error:
        message = str(error)
        raise ProblemError(
            422, f"{password_field}: {message}", {password_field: message}, {"rule": error.rule}
        ) from error
    except SamePerson as error:
        raise ProblemError(403, str(error)) from error
    except (AccountRefused, KeyRefused) as error:
        if not error.field:
            raise ProblemError(409, str(error)) from error
        raise ProblemError(422, f"{error.field}: {error}", {error.field: str(error)}) from error
    except TooManyAttempts as error:
        wait = max(1, math.ceil(error.wait_s))
        detail = "Too many attempts; wait before the next."
        raise ProblemError(429, detail, retry_after_s=wait) from error
    except Busy as error:
        detail = "Too many sign in at this moment."
        raise ProblemError(503, detail, retry_after_s=error.retry_after_s) from error


def signed_in_answer(
    request: Request, known: People, found: SignedIn, status_code: int = 200
) -> Json:
    answer = Json(me_json(known, found.identity), status_code=status_code)
    set_cookie(answer, request, known, found)
    return answer
