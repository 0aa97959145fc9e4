"""Inputs by which parsers once failed otherwise than documented. They are given to the fuzz bench's
own targets, whose refusals are the documented ones: anything else raised fails the test."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench._fuzz_target import Target
from bench._fuzz_targets import TARGETS

ROOT = Path(__file__).parents[2]
HUGE = b"1" + b"0" * 400
RING = b"[[[%b,0],[1,0],[1,1],[0,0]]]" % HUGE
FENCE = (
    b'{"type":"FeatureCollection","features":[{"type":"Feature","id":"a","properties":'
    b'{"name":"a"},"geometry":{"type":"Polygon","coordinates":%b}}]}' % RING
)
NAMED = (
    b'{"type":"FeatureCollection","features":[{"type":"Feature","id":"a","properties":'
    b'{"name":{"zh":"%b","en":"a"},"rules":[{"kind":"entry","priority":3}]},"geometry":'
    b'{"type":"Polygon","coordinates":[[[109,18],[110,18],[110,19],[109,18]]]}}]}'
)
DEEP = b"[" * 100_000
CLAIMS = {
    "iss": "https://id.example", "aud": "c", "exp": 2e9, "iat": 1, "sub": "s", "nonce": "n",
}  # fmt: skip
COPY = {
    "format": "littoral-sealed-master/1", "custodian": "a", "id": "x", "algorithm": "AES-256-GCM",
    "wrapping": "AES-256-GCM", "sealed": "00" * 60,
    "kdf": {"name": "scrypt", "n": 1 << 20, "r": 1 << 20, "p": 1, "salt": "00"},
}  # fmt: skip

FOUND: list[tuple[str, bytes]] = [
    ("fences", FENCE),
    ("fences", DEEP),
    ("fences", NAMED % b"\xed\xad\xa3"),
    ("fences", NAMED % b"\\ud800"),
    ("csv", b"time;mmsi;lat;lon\n1717200000;412000001;18;109\0\n1717200000;412000001;18;109\r1\n"),
    ("states", b't{"a": 9}'),
    ("states", b"t" + DEEP),
    ("states", b't{"n": ["littoral.schema.finding:Finding", [1]]}'),
    ("quarantine", b"{}\0\0"),
    ("quarantine", b'{"counts": 3}\0\0{"line": 1}\n'),
    ("quarantine", b'\0\0{"source": 1, "line": 1, "reason": [], "raw": "a"}\n'),
    ("keys", b"k[]"),
    ("keys", b'k{"format": "littoral-key/1"}'),
    ("keys", b"m[]"),
    ("keys", b'm{"format": "littoral-master/1", "keys": [{}]}'),
    ("keys", b'm{"format": "littoral-master/1", "keys": 1}'),
    ("keys", b"j" + json.dumps(COPY).encode()),
    ("keys", b"j" + json.dumps({**COPY, "id": 3}).encode()),
    (
        "policies",
        b'p@id("evidence.never.sealed")\n@zh("a")\n@en("b")\nforbid (\n  principal,\n'
        b'  action == Action::"evidence.read",resource\n)\nwhen\n{\n resource};',
    ),
    (
        "answers",
        b'<data id="f" version="1"><meta><instanceID>udiu:A2345678-1234-4123-8123-123456789abc'
        b"</instanceID></meta></data>",
    ),
    ("lake", b"PAR1 no table PAR1"),
    ("lake", b""),
    ("rules", b"pprovider = 1"),
    ("rules", b"p[provider]\nname = 1"),
    ("rules", b'p[[provider]]\nname = 1\nissuer = "a"\nclient_id = "c"'),
    ("rules", b'p[[provider]]\nname = "a"\nissuer = "a"\nclient_id = "c"\nrole = 1'),
    ("rules", b'p[[provider]]\nname = "a"\nissuer = "a"\nclient_id = "c"\nscopes = 1'),
    ("rules", b'p[[provider]]\nname = "a"\nissuer = "a"\nclient_id = "c"\nsecret_file = "\\u0000"'),
    ("tokens", b"c" + json.dumps({**CLAIMS, "nonce": "\ud800"}).encode()),
    ("tokens", b"c" + json.dumps({**CLAIMS, "sub": "\ud800"}).encode()),
    ("tokens", b'k{"keys": 1}'),
    ("tokens", b'k{"keys": [1]}'),
    (
        "tokens",
        b'd{"issuer": "https://id.example", "authorization_endpoint": "https://[", '
        b'"token_endpoint": "https://a", "jwks_uri": "https://a"}',
    ),
    ("bundles", b"\x01" + DEEP),
    # Types that a column cannot have: a list, a duration, and what goes over the widest time.
    ("arrow", bytes([19, 19, 19, 19, 19])),
    ("arrow", bytes([12, 22, 5, 5]) + b"\xff" * 64),
    ("arrow", bytes([13, 13, 5, 5]) + b"\x7f" * 64),
    ("arrow", bytes([2, 2, 2, 2, 2]) + b"\x7f" * 64),
    ("arrow", bytes([8, 8, 8, 8, 255, 255, 255, 255, 8]) + b"\xff" * 64),
]


@pytest.fixture(scope="module")
def targets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Target]:
    names = {name for name, _ in FOUND}
    return {name: TARGETS[name](tmp_path_factory.mktemp(name)) for name in sorted(names)}


@pytest.mark.parametrize(("name", "data"), FOUND)
def test_what_once_failed_is_refused_or_taken(
    targets: dict[str, Target], name: str, data: bytes
) -> None:
    target = targets[name]
    try:
        target.run(data)
    except target.refusals:
        return


def test_the_seeds_of_every_target_are_taken(tmp_path: Path) -> None:
    """Else a target would fuzz nothing but its first line."""
    for name, make in TARGETS.items():
        (tmp_path / name).mkdir()
        target = make(tmp_path / name)
        taken = 0
        for seed in target.seeds():
            try:
                target.run(seed)
                taken += 1
            except target.refusals:
                continue
        assert taken > 0, name


CHECKED = """
from bench import _fuzz_checked as checked
checked.install()
import numpy as np
from bench._fuzz_messages import sentences, sentence_seeds
from pathlib import Path
target = sentences(Path("."))
for seed in sentence_seeds()[:20]:
    target.run(seed)
from littoral.sense.ais.sixbit import unarmour
try:
    unarmour(checked.Checked(np.zeros(8, np.uint8)), 1, 8, checked.Checked(np.zeros(400, np.uint8)))
except checked.OutOfBounds:
    print("seen")
"""


def test_the_interpreter_sees_what_compiled_code_would_not() -> None:
    """A read one byte past the end of an array: silent in machine code, raised here."""
    done = subprocess.run(
        [sys.executable, "-c", CHECKED],
        env={"NUMBA_DISABLE_JIT": "1", "PATH": ""},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.strip() == "seen", done.stderr
