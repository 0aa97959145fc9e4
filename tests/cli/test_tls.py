"""`littoral tls` and `serve --tls`: a real server, reached by TLS under its own authority alone."""

from __future__ import annotations

import json
import plistlib
import re
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from cryptography import x509

from littoral.cli import main

OURS = {"x-littoral-request": "1"}
LITTORAL = str(Path(sys.executable).with_name("littoral"))


class Serving(NamedTuple):
    process: subprocess.Popen[str]
    plain: str
    origin: str
    trust: str
    first_start: str


def authority(folder: Path) -> Path:
    assert main(["tls", "make", "localhost", "127.0.0.1", "--data", str(folder / "data")]) == 0
    return folder / "data"


@contextmanager
def served(data: Path) -> Iterator[Serving]:
    command = [LITTORAL, "serve", "--data", str(data), "--port", "0"]
    command += ["--tls", "127.0.0.1:0", "--trust-page", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as p:
        assert p.stdout is not None
        try:
            said: list[str] = []
            while not said or not said[-1].startswith("first administrator"):
                line = p.stdout.readline()
                assert line, p.stderr.read() if p.stderr else ""
                said.append(line)
            yield Serving(p, *re.findall(r"https?://\S+", "".join(said)))
        finally:
            p.kill()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def serving(data: Path) -> Iterator[Serving]:
    """One for all: a start takes seconds."""
    with served(data) as running:
        yield running


def trusting(data: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=f"{data}-keys/tls/authority.crt")


def test_who_trusts_the_authority_reaches_the_server_and_nobody_else_does(
    serving: Serving, data: Path
) -> None:
    with httpx.Client(timeout=60, verify=trusting(data)) as phone:
        answer = phone.get(f"{serving.origin}/phone/")
        assert answer.status_code == 200
        assert answer.headers["strict-transport-security"].startswith("max-age=")
        assert phone.get(f"{serving.origin}/api/v1/me").status_code == 401
        # Only under the name that it has: another could be re-bound to it.
        odd = serving.origin.replace("localhost", "127.0.0.1")
        assert phone.get(f"{odd}/api/v1/me").status_code == 401  # the loopback's own
        headers = {"host": "elsewhere.example"}
        assert phone.get(f"{serving.origin}/api/v1/me", headers=headers).status_code == 421
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(serving.origin)
    with pytest.raises(httpx.HTTPError):
        httpx.get(serving.origin.replace("https", "http"))


def test_old_tls_is_not_spoken(serving: Serving, data: Path) -> None:
    old = trusting(data)
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises(httpx.ConnectError):
        httpx.get(serving.origin, verify=old, timeout=60)


def test_a_cookie_over_tls_is_of_this_host_and_secure(serving: Serving, data: Path) -> None:
    token = serving.first_start.partition("#first-start=")[2]
    assert serving.first_start.startswith(serving.origin)
    with httpx.Client(
        timeout=60, verify=trusting(data), base_url=serving.origin, headers=OURS
    ) as browser:
        answer = browser.post(
            "/api/v1/first-start",
            json={
                "token": token, "login": "li.na", "name": "李娜",
                "password": "seven plain words of mine",
            },
        )  # fmt: skip
        assert answer.status_code == 201, answer.text
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-littoral_session=")
        assert "Secure" in cookie


def test_the_page_of_trust_gives_the_authority_and_nothing_else(
    serving: Serving, data: Path
) -> None:
    authority = x509.load_pem_x509_certificate(Path(f"{data}-keys/tls/authority.crt").read_bytes())
    with httpx.Client(base_url=serving.trust.replace("localhost", "127.0.0.1")) as phone:
        page = phone.get("/")
        assert page.status_code == 200
        shown = json.loads(subprocess.run(
            [LITTORAL, "tls", "show", "--json", "--data", str(data)],
            capture_output=True, text=True, check=True,
        ).stdout)  # fmt: skip
        plain = re.sub(r"<br>", " ", page.text)
        assert shown["sha256"].replace(":", " ") in plain
        assert f'{serving.origin}/phone/"' in page.text
        given = phone.get("/littoral.crt")
        assert given.headers["content-type"] == "application/x-x509-ca-cert"
        assert x509.load_der_x509_certificate(given.content) == authority
        profile = plistlib.loads(phone.get("/littoral.mobileconfig").content)
        (root,) = profile["PayloadContent"]
        assert x509.load_der_x509_certificate(root["PayloadContent"]) == authority
        for path in ("/api/v1/me", "/phone/", "/../server.pem", "/authority.key"):
            assert phone.get(path).status_code == 404
        assert phone.post("/").status_code == 405


def test_it_ends_in_order_while_a_phone_is_connected(tmp_path: Path) -> None:
    own = authority(tmp_path)
    with served(own) as running, httpx.Client(timeout=60, verify=trusting(own)) as phone:
        phone.get(f"{running.origin}/api/v1/me")
        running.process.send_signal(signal.SIGTERM)
        _, errors = running.process.communicate(timeout=60)
    assert (running.process.returncode, errors) == (0, "")


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--tls", "127.0.0.1:0"], "littoral tls make"),
        (["--trust-page", "127.0.0.1:0"], "--trust-page: needs --tls"),
        (["--tls", "127.0.0.1:0", "--no-sign-in"], "without sign-in"),
        (["--tls", "127.0.0.1:0", "--certificate", "none.pem"], "none.pem"),
        (["--tls", "nowhere:x"], "host:port"),
    ],
)
def test_what_does_not_fit_is_refused(
    tmp_path: Path, options: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--data", str(tmp_path / "data"), "--port", "0", *options]) == 2
    assert why in capsys.readouterr().err


def test_a_sheet_to_hang_up(data: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.html"
    assert main(["tls", "sheet", str(sheet), "--data", str(data)]) == 0
    text = sheet.read_text()
    assert "<svg" in text
    assert "http://localhost:8080/" in text


def test_a_second_authority_is_not_made_over_the_first(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tls", "make", "localhost", "--data", str(data)]) == 2
    assert "already" in capsys.readouterr().err


def test_nobody_passes_for_another_address(serving: Serving, data: Path) -> None:
    """There is no proxy: what a client says of the way it came is not believed. Last, since the
    failures are those of all tests' address."""
    with httpx.Client(
        timeout=60, verify=trusting(data), base_url=serving.origin, headers=OURS
    ) as browser:
        for n in range(60):  # of one address, whatever it says: 50 failures are free
            answer = browser.post(
                "/api/v1/session",
                json={"login": f"nobody{n}", "password": "wrong wrong wrong"},
                headers={"x-forwarded-for": f"10.0.0.{n}"},
            )
        assert answer.status_code == 429
