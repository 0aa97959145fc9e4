"""Conversion in a process of its own, one at a time: a file made to be slow, or to fill the memory,
holds up nothing that watches."""

from __future__ import annotations

import resource
import threading
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection

from littoral.store.forms.convert import Converted, FormRefused, convert_form
from littoral.store.people.sheets import Fault

MOST_CPU_S = 20
MOST_S = 60.0  # by the clock, where the machine is busy
MOST_MEMORY = 2 * 1024**3  # bytes of addresses
_ONE = threading.Lock()


class Busy(Exception):
    """Another is being converted."""


def converted(
    data: bytes, name: str, version: str, most_s: float = MOST_S, most_cpu_s: int = MOST_CPU_S
) -> Converted:
    """As `convert_form`. Raises FormRefused, for a form that takes too long too, and Busy."""
    if not _ONE.acquire(blocking=False):
        raise Busy
    try:
        return _apart(data, name, version, most_s, most_cpu_s)
    finally:
        _ONE.release()


def _apart(data: bytes, name: str, version: str, most_s: float, most_cpu_s: int) -> Converted:
    fork = get_context("forkserver")  # which loads the converter once, and has no threads
    fork.set_forkserver_preload(["__main__", "littoral.store.forms.convert"])
    answer, said = fork.Pipe(duplex=False)
    process = fork.Process(
        target=_convert, args=(said, data, name, version, most_cpu_s), daemon=True
    )
    process.start()
    said.close()
    try:
        found: Converted | tuple[list[Fault], int] | None = None
        if answer.poll(most_s):
            with suppress(EOFError):  # it was ended by its limits
                found = answer.recv()
    finally:
        process.kill()
        process.join()
        answer.close()
    if isinstance(found, Converted):
        return found
    if found is not None:
        raise FormRefused(*found)
    why = f"it takes more than {most_cpu_s} s, or too much memory, to convert; make it smaller"
    raise FormRefused([Fault(0, "", why)])


def _convert(said: Connection, data: bytes, name: str, version: str, most_cpu_s: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (most_cpu_s, most_cpu_s))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        said.send(convert_form(data, name, version))
    except FormRefused as refused:
        said.send((refused.faults, refused.count))
