"""UDP feeds: one datagram holds whole sentences; what the system had to drop is counted."""

from __future__ import annotations

import socket
import struct
import threading
import time

from littoral.link.sink import Sink

BUFFER = 4 << 20  # asked of the system, for bursts
LARGEST = 65_535
SO_RXQ_OVFL = 40  # Linux: datagrams dropped for want of room come as ancillary data


class UdpListener:
    """Takes datagrams on `host:port`; all senders are one feed, lines of each are kept whole."""

    def __init__(self, host: str, port: int, sink: Sink) -> None:
        self._sink = sink
        self._stop = threading.Event()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self._socket.setsockopt(socket.SOL_SOCKET, SO_RXQ_OVFL, 1)
        self._socket.bind((host, port))
        self._socket.settimeout(0.5)
        self.host, self.port = self._socket.getsockname()[:2]
        self.name = f"udp {self.host}:{self.port}"
        self.dropped = 0
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        name = f"{self.name} @ {time.time_ns()}"
        self._sink.opened(self.name, "udp", name)
        try:
            while not self._stop.is_set():
                try:
                    data, ancillary, _, _ = self._socket.recvmsg(LARGEST, 64)
                except TimeoutError:
                    continue
                except OSError:
                    return
                for level, kind, value in ancillary:
                    if level == socket.SOL_SOCKET and kind == SO_RXQ_OVFL:
                        self.dropped = struct.unpack("I", value[:4])[0]
                if not data.endswith(b"\n"):
                    data += b"\n"  # a datagram without it still ends its line
                self._sink.take(name, data, time.time_ns() // 1000)
        finally:
            self._sink.closed(name)
