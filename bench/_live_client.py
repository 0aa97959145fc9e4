"""A client of the live stream in a process of its own: when did each alert first arrive?

Writes JSON when it gets SIGTERM: `first` (microseconds UTC by alert id), `frames`, `bytes`.
"""

from __future__ import annotations

import argparse
import json
import signal
import time
from pathlib import Path

import orjson
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--url", required=True)
    p.add_argument("--log", type=Path, required=True)
    a = p.parse_args()
    asked = []
    signal.signal(signal.SIGTERM, lambda *_: asked.append(True))
    first: dict[str, int] = {}
    rules: dict[str, str] = {}
    frames = size = 0
    with connect(a.url, max_size=None, compression=None) as stream:
        print("connected", flush=True)
        while not asked:
            try:
                message = stream.recv(timeout=0.2)
            except TimeoutError:
                continue
            except ConnectionClosed:
                break
            now_us = time.time_ns() // 1000
            size += len(message)
            if isinstance(message, bytes):
                frames += 1
            elif message.startswith('{"type":"alerts"'):
                for alert in orjson.loads(message)["rows"]:
                    first.setdefault(alert["id"], now_us)
                    rules[alert["id"]] = f"{alert['rule']}: {alert['kind']}"
    a.log.write_text(json.dumps({"first": first, "rules": rules, "frames": frames, "bytes": size}))


if __name__ == "__main__":
    main()
