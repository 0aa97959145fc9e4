"""How many may be connected at once, and the files that this takes."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack

import pytest
from websockets.exceptions import ConnectionClosed

from littoral.api.app import create_app
from littoral.api.server import serving

from .shore import Shore
from .test_live import live, read, wait_for


def test_who_comes_when_all_places_are_taken_is_told_to_try_later(shore: Shore) -> None:
    with (
        serving(create_app(shore, shore.settings.data_dir / "pages", live_clients=3)) as address,
        ExitStack() as stack,
    ):
        taken = [stack.enter_context(live(address)) for _ in range(3)]
        for stream in taken:
            wait_for(stream, "frame")
        with live(address) as one_more, pytest.raises(ConnectionClosed) as caught:
            read(one_more)
        assert caught.value.rcvd is not None
        assert (caught.value.rcvd.code, caught.value.rcvd.reason) == (
            1013, "3 clients are connected already",
        )  # fmt: skip
        for stream in taken:
            wait_for(stream, "health")


@pytest.mark.parametrize(
    ("soft", "hard", "wanted", "allowed", "warned"),
    [
        (300, 4000, 2000, 2000, False),
        (300, 1000, 2000, 1000, True),
        (3000, 4000, 2000, 3000, False),
    ],
)
def test_as_many_files_as_the_system_lets_it(
    soft: int, hard: int, wanted: int, allowed: int, warned: bool
) -> None:
    """In a process of its own: a limit that is lowered stays low."""
    program = (
        "import logging, resource\n"
        "from littoral.api.server import open_files\n"
        "logging.basicConfig()\n"
        f"resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))\n"
        f"print(open_files({wanted}), *resource.getrlimit(resource.RLIMIT_NOFILE))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.split() == [str(allowed), str(allowed), str(hard)], done.stderr
    assert ("raise LimitNOFILE" in done.stderr) == warned
