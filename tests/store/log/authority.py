"""OpenSSL's own time-stamp authority behind a small HTTP server."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CONFIG = """
[tsa]
default_tsa = at
[at]
serial = {folder}/serial
signer_cert = {folder}/signer.pem
signer_key = {folder}/signer.key
certs = {folder}/root.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[stamps]
extendedKeyUsage = critical,timeStamping
[web]
extendedKeyUsage = critical,serverAuth
[req]
distinguished_name = name
[name]
[ca_default]
"""


def openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


@dataclass
class Tsa:
    """One with a root and a signer of its own. `answers` are those that it gave over HTTP."""

    folder: Path
    answers: list[bytes] = field(default_factory=list)

    @classmethod
    def make(cls, folder: Path, name: str = "tsa.example", use: str = "stamps") -> Tsa:
        folder.mkdir(parents=True)
        (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
        (folder / "serial").write_text("01")
        for who in ("root", "signer"):
            openssl(folder, "ecparam", "-name", "prime256v1", "-genkey", "-noout",
                    "-out", f"{who}.key")  # fmt: skip
        openssl(folder, "req", "-new", "-x509", "-key", "root.key", "-out", "root.pem",
                "-days", "3650", "-subj", f"/CN=root of {name}", "-config", "tsa.cnf",
                "-extensions", "ca")  # fmt: skip
        made = cls(folder)
        made.sign(name, use)
        return made

    def sign(self, name: str = "tsa.example", use: str = "stamps", *dates: str) -> None:
        """A certificate for the signer; `dates`: -startdate and -enddate of `openssl ca`."""
        folder = self.folder
        openssl(folder, "req", "-new", "-key", "signer.key", "-out", "signer.csr",
                "-subj", f"/CN={name}", "-config", "tsa.cnf")  # fmt: skip
        if not dates:
            openssl(folder, "x509", "-req", "-in", "signer.csr", "-CA", "root.pem", "-CAkey",
                    "root.key", "-set_serial", "7", "-days", "365", "-out", "signer.pem",
                    "-extfile", "tsa.cnf", "-extensions", use)  # fmt: skip
            return
        (folder / "index").write_text("")
        (folder / "ca-serial").write_text("09")
        config = (
            (folder / "tsa.cnf")
            .read_text()
            .replace(
                "[ca_default]",
                f"[ca_default]\ndatabase = {folder}/index\nserial = {folder}/ca-serial\n"
                f"new_certs_dir = {folder}\ndefault_md = sha256\npolicy = any\n"
                "[any]\ncommonName = supplied\n",
            )
        )
        (folder / "ca.cnf").write_text(config)
        openssl(folder, "ca", "-batch", "-config", "ca.cnf", "-name", "ca_default", "-in",
                "signer.csr", "-cert", "root.pem", "-keyfile", "root.key", "-out", "signer.pem",
                "-extensions", use, "-notext", *dates)  # fmt: skip

    @property
    def roots(self) -> bytes:
        return (self.folder / "root.pem").read_bytes()

    def reply(self, query: bytes) -> bytes:
        """What `openssl ts -reply` answers."""
        (self.folder / "query").write_bytes(query)
        openssl(self.folder, "ts", "-reply", "-config", "tsa.cnf", "-section", "at",
                "-queryfile", "query", "-out", "reply")  # fmt: skip
        return (self.folder / "reply").read_bytes()


@contextmanager
def served(tsa: Tsa, status: int = 200, location: str = "") -> Iterator[str]:
    """Its address. `status` and `location`: what it answers instead of stamps."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            data = tsa.reply(query) if status == 200 else b""
            tsa.answers.append(data)
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsr"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
