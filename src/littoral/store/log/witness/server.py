"""The witness as a program: HTTP/1.1 on Python's own server, two paths.

POST /add-checkpoint                     a cosignature, or why not
GET  /<SHA-256 of the origin>/checkpoint the latest that was cosigned
"""

from __future__ import annotations

import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from littoral.store.log.checkpoint import CONTENT_TYPE
from littoral.store.log.note import NoteError
from littoral.store.log.witness.judge import MAX_BODY, Refused
from littoral.store.log.witness.state import WitnessState

MONITOR = re.compile(r"/([0-9a-f]{64})/checkpoint")
IDLE_S = 120.0


class WitnessServer(ThreadingHTTPServer):
    """Bound when made; `serve_forever` answers."""

    daemon_threads = True

    def __init__(self, state: WitnessState, host: str, port: int) -> None:
        self.state = state
        super().__init__((host, port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: WitnessServer
    protocol_version = "HTTP/1.1"
    server_version = "littoral-witness"
    sys_version = ""
    timeout = IDLE_S
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not re.fullmatch(r"[0-9]{1,9}", length) or int(length) > MAX_BODY:
            self.close_connection = True
            self._answer(413 if length else 411, f"a body of at most {MAX_BODY} bytes\n")
            return
        body = self.rfile.read(int(length))
        if self.path != "/add-checkpoint":
            self._answer(404, "POST /add-checkpoint\n")
            return
        try:
            signature = self.server.state.add_checkpoint(body)
        except Refused as refused:
            text = str(refused)
            self._answer(
                refused.status,
                text if text.endswith("\n") else text + "\n",
                refused.content_type,
            )
        except (NoteError, OSError) as error:
            self._answer(500, f"the witness cannot use its memory: {type(error).__name__}\n")
        else:
            self._answer(200, signature.line)

    def do_GET(self) -> None:
        asked = MONITOR.fullmatch(self.path)
        data = self.server.state.stored(asked[1]) if asked else None
        if data is None:
            self._answer(404, "no such checkpoint\n")
        else:
            self._answer(200, data.decode(), CONTENT_TYPE)

    def _answer(self, status: int, text: str, content_type: str = "text/plain") -> None:
        data = text.encode()
        self.send_response(status)
        kind = content_type if "charset" in content_type else f"{content_type}; charset=utf-8"
        if content_type == "text/x.tlog.size":
            kind = content_type
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: whoever runs it behind a proxy has its log."""
