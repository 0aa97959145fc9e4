"""A real clamd for the tests: on a socket in a folder of its own, with one signature of ours.

It starts within a second, since its database is one line: the test string of EICAR (eicar.org),
which every scanner finds and which does nothing. Runs as an unprivileged user when the tests run as
root. Where clamd is not installed the tests fail and say so: `make test` installs it
(tools/clamav.sh).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from littoral.link.clamd import Scanner

# In two parts, so that no scanner on a developer's machine takes this file for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
FOUND = "Littoral.Test.EICAR.UNOFFICIAL"  # clamd marks what is not of its own databases
SCANNED_BYTES = 300_000  # what is larger is not looked at whole
STREAM_BYTES = 1 << 20  # what is larger is not taken
START_S = 60.0

CONFIGURATION = """
LocalSocket {folder}/clamd.sock
LocalSocketMode 666
DatabaseDirectory {folder}/database
TemporaryDirectory {folder}
LogFile {folder}/log
Foreground yes
StreamMaxLength {stream}
MaxFileSize {scanned}
MaxScanSize {scanned}
AlertExceedsMax yes
"""


def program() -> str:
    found = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.fail(
            "clamd is not installed (tools/clamav.sh does it as root; on Debian: apt-get install "
            "clamav-daemon)",
            pytrace=False,
        )
    return found


@contextmanager
def running() -> Iterator[str]:
    """The address of one that answers."""
    with tempfile.TemporaryDirectory(prefix="littoral-clamd-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o777)
        (folder / "database").mkdir()
        signature = f"Littoral.Test.EICAR:0:*:{EICAR.hex()}\n"
        (folder / "database" / "test.ndb").write_text(signature)
        text = CONFIGURATION.format(folder=folder, stream=STREAM_BYTES, scanned=SCANNED_BYTES)
        (folder / "clamd.conf").write_text(text)
        with open(folder / "said", "wb") as said:
            process = subprocess.Popen(
                [program(), "--config-file", str(folder / "clamd.conf")],
                user="nobody" if os.getuid() == 0 else None,
                cwd="/",
                stdout=said,
                stderr=said,
            )
        try:
            until_s = time.monotonic() + START_S
            while not Scanner(f"unix:{folder}/clamd.sock").ping():
                if process.poll() is not None or time.monotonic() > until_s:
                    pytest.fail(f"clamd did not start: {(folder / 'said').read_text()}")
                time.sleep(0.05)  # between two questions whether it is there
            yield f"unix:{folder}/clamd.sock"
        finally:
            process.terminate()
            process.wait()


@pytest.fixture(scope="session")
def clamd() -> Iterator[str]:
    with running() as address:
        yield address
