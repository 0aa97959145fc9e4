"""A running server, as the tests of the API have it."""

from tests.api.conftest import empty_records, one_address, one_http, one_shore, world

__all__ = ["empty_records", "one_address", "one_http", "one_shore", "world"]
