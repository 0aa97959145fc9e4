"""Options of how text messages are sent."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from littoral.engine.reaching import Sender


def add_text_options(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "--sms-modem",
        default="",
        metavar="PORT",
        help="send text messages through the modem at this serial port, as /dev/ttyUSB2 "
        "(docs/reach.md)",
    )
    p.add_argument(
        "--sms-pin-file", type=Path, metavar="FILE", help="with the PIN of the modem's SIM card"
    )
    p.add_argument(
        "--sms-gateway",
        type=Path,
        metavar="FILE",
        help="send text messages through the gateway that this file describes (docs/reach.md)",
    )
    p.add_argument(
        "--sms-gateway-secret", type=Path, metavar="FILE", help="with what stands for @TOKEN there"
    )


def sender_of(args: argparse.Namespace) -> Sender | None:
    """Raises ValueError, OSError."""
    from littoral.engine.reaching import ByGateway, ByModem
    from littoral.link.sms.gateway import Form, Gateway, GatewayError

    if not args.sms_modem and args.sms_gateway is None:
        for name in ("sms_pin_file", "sms_gateway_secret"):
            if getattr(args, name) is not None:
                raise ValueError(f"--{name.replace('_', '-')}: nothing sends text messages")
        return None
    if args.no_sign_in:
        raise ValueError("--sms-modem, --sms-gateway: without sign-in there is nobody to tell")
    if args.sms_modem and args.sms_gateway is not None:
        raise ValueError("--sms-gateway: one way to send text messages, not two")
    if args.sms_modem:
        return ByModem(args.sms_modem, _secret(args.sms_pin_file))
    try:
        form = Form.read(args.sms_gateway)
    except GatewayError as error:
        raise ValueError(f"--sms-gateway: {error}") from None
    return ByGateway(Gateway(form, _secret(args.sms_gateway_secret)))


def _secret(path: Path | None) -> str:
    return "" if path is None else path.read_text(encoding="utf-8").strip()
