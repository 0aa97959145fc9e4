"""One provider for all tests of OpenID Connect: no test leaves anything in it to another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .running import provider


@pytest.fixture(scope="session")
def issuer() -> Iterator[str]:
    with provider() as found:
        yield found
