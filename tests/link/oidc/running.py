"""The provider as a process of its own, and a browser that signs in at it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx

PROVIDER = Path(__file__).parent / "provider.mjs"
CALLBACK = "/api/v1/oidc/callback"
_ACTION = re.compile(r'<form[^>]*\baction="([^"]+)"')
_HIDDEN = re.compile(r'<input[^>]*\bname="prompt"[^>]*\bvalue="([^"]+)"')


@contextmanager
def provider() -> Iterator[str]:
    """Its issuer. It lets clients come back to `CALLBACK` on any port of 127.0.0.1."""
    command = ["node", str(PROVIDER), f"http://127.0.0.1{CALLBACK}"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stderr is not None
        issuer = process.stdout.readline().strip()
        assert issuer.startswith("http://127.0.0.1:"), process.stderr.read()
        try:
            yield issuer
        finally:
            process.stdin.close()
            process.wait(10)


def sign_in(browser: httpx.Client, url: str, login: str) -> str:
    """Follows the provider's pages from `url`, filling them in; the address that it sends the
    browser back to, which is not visited."""
    method, form = "GET", None
    for _ in range(20):
        answer = browser.request(method, url, data=form)
        if answer.is_redirect:
            url = urljoin(url, answer.headers["location"])
            if urlsplit(url).path == CALLBACK:
                return url
            method, form = "GET", None
            continue
        assert answer.status_code == 200, answer.text
        action, prompt = _ACTION.search(answer.text), _HIDDEN.search(answer.text)
        assert action is not None, answer.text
        assert prompt is not None, answer.text
        url, method = urljoin(url, action[1]), "POST"
        form = {"prompt": prompt[1], "login": login, "password": "any"}
    raise AssertionError("the provider never sent the browser back")
