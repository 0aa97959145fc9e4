"""Runs the API on the loopback address, and by TLS where others reach it."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import logging
import resource
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from littoral.api.app import create_app
from littoral.api.gate import Gate
from littoral.api.live.client import LINE
from littoral.api.live.hub import MAX_CLIENTS
from littoral.api.logs import to_stderr
from littoral.engine import lasting
from littoral.engine.runtime import Runtime
from littoral.store import wal

GRACE_S = 3  # connections may end what they do when the server stops; the rest is cut off
OTHERS = 5000  # connections beside those of the live stream; beyond them 503
OTHER_FILES = 500  # that the process holds open besides: records, lake, journal, feeds
# Longer than pages wait between two questions, and than most clients keep a connection: who closes
# first is then the client, and no request meets a connection that is just being closed.
IDLE_S = 20
# After which a thread that waits for the interpreter gets it. A request gives it away at each of
# its statements to the records, some dozens, and the engine is there to take it.
SWITCH_S = 0.00005
HANDSHAKE_S = 10.0  # a phone on the slowest link needs two or three
MAX_MESSAGE_BYTES = 4096  # clients of the live stream have nothing to say

log = logging.getLogger(__name__)


class NotLoopback(ValueError):
    """The server was asked to listen where others could reach it."""


class LiveProtocol(WebSocketsSansIOProtocol):
    """The `client.Line` of the live stream: takes messages that were framed once for many clients,
    and drops one whose buffers are full, which only the transport can."""

    async def run_asgi(self) -> None:
        self.scope[LINE] = self  # type: ignore[literal-required]
        await super().run_asgi()

    @property
    def open(self) -> bool:
        return not (self.close_sent or self.disconnected or self.transport.is_closing())

    @property
    def plain_fd(self) -> int:
        """As `many.Line` has it. What goes there by itself goes before nothing."""
        transport = self.transport
        if transport.get_extra_info("ssl_object") or transport.get_write_buffer_size():
            return -1
        return int(transport.get_extra_info("socket").fileno())

    def write(self, framed: bytes) -> None:
        """Whole messages, not compressed, after `accept`, or the rest of one."""
        self.transport.write(framed)

    def abort(self) -> None:
        self.transport.abort()


def check_host(host: str) -> str:
    """The host, when it is a loopback address; else `NotLoopback` says what to do."""
    name = host.strip("[]")
    try:
        loopback = name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise NotLoopback(
            f"will not listen on {host!r}: passwords would go over the network in clear. Use "
            "127.0.0.1, and serve others by TLS (--tls), or put a proxy that terminates TLS before "
            "it (--origin), or use a tunnel: ssh -L 8765:127.0.0.1:8765 HOST"
        )
    return name


@dataclass(frozen=True)
class Encrypted:
    """Where others reach the server: a socket that is bound, and the certificate shown there."""

    bound: socket.socket
    context: ssl.SSLContext


def listen(host: str, port: int) -> socket.socket:
    """A bound socket of the loopback address; port 0 takes a free one. OSError when the port is
    taken."""
    return bind(check_host(host), port)


def bind(name: str, port: int) -> socket.socket:
    """The same of any address of this machine, for what may be reached from others."""
    family = socket.AF_INET6 if ":" in name else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((name, port))
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            raise OSError(
                errno.EADDRINUSE, f"port {port} is in use; name another: --port"
            ) from None
        raise
    return bound


def _is_news(record: logging.LogRecord) -> bool:
    """Not so: that the server ended while somebody took nothing (a page in a sleeping tab). uvicorn
    tells of each such request with a traceback, as of an error of ours."""
    cancelled = record.exc_info is not None and isinstance(
        record.exc_info[1], asyncio.CancelledError
    )
    return not cancelled and not str(record.msg).startswith("Cancel %s running task(s)")


class Server(uvicorn.Server):
    """One server with two ends: a limit on connections and one end of all it does."""

    def __init__(self, config: uvicorn.Config, encrypted: Encrypted | None) -> None:
        super().__init__(config)
        self._encrypted = encrypted

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._encrypted is None:
            return

        def protocol() -> asyncio.Protocol:
            made: Callable[..., asyncio.Protocol] = self.config.http_protocol_class
            return made(
                config=self.config, server_state=self.server_state, app_state=self.lifespan.state
            )

        self.servers.append(
            await asyncio.get_running_loop().create_server(
                protocol,
                sock=self._encrypted.bound,
                ssl=self._encrypted.context,
                ssl_handshake_timeout=HANDSHAKE_S,
                ssl_shutdown_timeout=GRACE_S,  # a phone out of reach says no goodbye
                backlog=self.config.backlog,
            )
        )


def open_files(wanted: int) -> int:
    """How many files and connections this process may have open from now on: up to `wanted`, as far
    as the system lets it without rights (getrlimit(2)). A service is often started with 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    allowed = wanted if soft == resource.RLIM_INFINITY else max(soft, most)
    if allowed > soft != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    if allowed < wanted:
        log.warning(
            "this process may hold %d files and connections, and its limits add up to %d: "
            "raise LimitNOFILE (docs/operate.md)", allowed, wanted,
        )  # fmt: skip
    return allowed


def server_of(
    app: ASGIApp, encrypted: Encrypted | None = None, live_clients: int = MAX_CLIENTS
) -> Server:
    to_stderr()
    config = uvicorn.Config(
        app,
        ws=LiveProtocol,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_per_message_deflate=False,  # loopback: it would only cost time
        timeout_keep_alive=IDLE_S,
        timeout_graceful_shutdown=GRACE_S,
        limit_concurrency=live_clients + OTHERS,
        log_config=None,  # `logs` says how
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=64 * 1024,
    )
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    return Server(config, encrypted)


def serve(
    runtime: Runtime,
    host: str = "127.0.0.1",
    port: int = 8765,
    opened: Callable[[str], None] = lambda address: None,
    gate: Gate | None = None,
    encrypted: Encrypted | None = None,
    live_clients: int = MAX_CLIENTS,
) -> None:
    """Serve until SIGINT or SIGTERM; open requests get `GRACE_S` to end. `opened` is told the
    address (`http://127.0.0.1:PORT`) as soon as it takes connections. `gate`: see `create_app`."""
    bound = listen(host, port)
    with bound:
        bound.listen()
        if encrypted is not None:
            encrypted.bound.listen()
        opened(_address(bound))
        app = create_app(runtime, gate=gate, live_clients=live_clients)
        app.state.sea_ways.prepare()
        lasting.keep()
        sys.setswitchinterval(SWITCH_S)
        server = server_of(app, encrypted, live_clients)
        open_files(live_clients + OTHERS + OTHER_FILES)
        with lasting.walks(), wal.brought_in(runtime.records.database):
            server.run(sockets=[bound])


def _address(bound: socket.socket) -> str:
    name, number = bound.getsockname()[:2]
    return f"http://[{name}]:{number}" if ":" in name else f"http://{name}:{number}"


@contextmanager
def serving(
    app: ASGIApp,
    host: str = "127.0.0.1",
    port: int = 0,
    encrypted: Encrypted | None = None,
    bound: socket.socket | None = None,
) -> Iterator[str]:
    """The server in a thread of its own: yields its address (`http://127.0.0.1:PORT`), and stops it
    gracefully at the end. `bound`: in place of one of the loopback address. Raises RuntimeError
    when it does not start."""
    bound = bound or listen(host, port)
    server = server_of(app, encrypted)
    started = threading.Event()

    async def run() -> None:
        serving_task = asyncio.create_task(server.serve(sockets=[bound]))
        while not server.started and not serving_task.done():
            await asyncio.sleep(0.005)
        started.set()
        await serving_task

    thread = threading.Thread(target=lambda: asyncio.run(run()), name="api", daemon=True)
    with bound:
        thread.start()
        started.wait(30)
        if not server.started:
            raise RuntimeError("the HTTP server did not start; its log says why")
        try:
            yield _address(bound)
        finally:
            server.should_exit = True
            thread.join(GRACE_S + 10)
