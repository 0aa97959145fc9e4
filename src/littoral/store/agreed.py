"""What two persons agreed to of shelves and the watch-list, made: refused as a conflict where the
time that it was proposed for is over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy.engine import Connection

from littoral.store import alerts, shelves, watch_list
from littoral.store.database import NotFound, RecordsError
from littoral.store.geofences import Conflict


@contextmanager
def _in_time() -> Iterator[None]:
    try:
        yield
    except (Conflict, NotFound):
        raise
    except RecordsError as error:
        raise Conflict(str(error)) from error


def shelve_class(
    connection: Connection, key: str, after: Mapping[str, Any], both: str, now_us: int
) -> None:
    """Until the end that was proposed."""
    with _in_time():
        shelves.create(connection, key, after, after["reason"], after["until_us"], both, now_us)
    alerts.restand(connection, alerts.of_class(connection, after["rule"]), now_us)


def change_listed(
    connection: Connection,
    key: str,
    after: Mapping[str, Any] | None,
    both: str,
    now_us: int,
    revision: int,
) -> None:
    """`after` None: she is taken off the list. Raises NotFound, Conflict."""
    if after is None:
        watch_list.remove(connection, key, both, now_us, revision)
        return
    with _in_time():
        watch_list.update(connection, key, after["until_us"], after["reason"], now_us, revision)
