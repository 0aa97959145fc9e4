"""`littoral witness`: cosigns the checkpoints of others' logs, by the protocol of C2SP."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from littoral.cli import say, stopping


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser("witness", help="watch over the log of another agency")
    p.add_argument("--dir", type=Path, required=True, metavar="DIR", help="key and memory")
    p.add_argument(
        "--name", default="witness.example", help="name of the key when it is made (once)"
    )
    p.add_argument(
        "--log-key",
        action="append",
        required=True,
        metavar="K",
        help="public key of a log, or a file with it; once for each",
    )
    p.add_argument("--host", default="127.0.0.1")
    p.add_argument("--port", type=int, default=8790)
    return p


def run(args: argparse.Namespace) -> int:
    from littoral.cli.key_arguments import verifier_key
    from littoral.store.log.note import COSIGNATURE, ED25519, NoteError, VerifierKey
    from littoral.store.log.signing import load_or_make_key
    from littoral.store.log.witness.server import WitnessServer
    from littoral.store.log.witness.state import WitnessBusy, WitnessState

    logs: dict[str, list[VerifierKey]] = {}
    try:
        for text in args.log_key:
            key = verifier_key(text)
            if key.kind != ED25519:
                raise NoteError(f"{key.name}: the key of a witness, not of a log")
            logs.setdefault(key.name, []).append(key)
        own = load_or_make_key(args.dir / "witness.key", args.name, COSIGNATURE)
        state = WitnessState(args.dir, own, logs)
    except (NoteError, OSError, WitnessBusy) as error:
        say.error(say.reason(error))
        return 2
    stopping.end_on_sigterm()
    try:
        server = WitnessServer(state, args.host, args.port)
    except OSError as error:
        say.error(f"{args.host}:{args.port}: {error}")
        return 2
    print(f"witness key: {own.public}")
    print(f"http://{args.host}:{server.server_port} watches {', '.join(logs)}", flush=True)
    sys.stdout.flush()
    try:
        server.serve_forever()
    finally:
        server.server_close()
        state.close()
    return 0
