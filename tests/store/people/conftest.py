"""The databases of the records' tests, for the tests of people too."""

from __future__ import annotations

from tests.store.conftest import new_url, postgresql, url

__all__ = ["new_url", "postgresql", "url"]
