"""One message's bits to a dict with gpsd's names."""

from __future__ import annotations

from littoral.sense.ais.messages import binary
from littoral.sense.ais.messages.fields import Bits, Value
from littoral.sense.ais.messages.tables import HEAD_BITS, MESSAGES, Decode

LEAST_24B = 162  # message 24 part B up to the dimensions
DECODERS: dict[int, tuple[Decode, int]] = {
    **MESSAGES,
    6: (binary.addressed, 88),
    8: (binary.broadcast, 56),
}


def decode_bits(bits: Bits) -> dict[str, Value] | None:
    """None for what is no message of M.1371-5 or lacks bits that its fields need."""
    kind = bits.unsigned(0, 6)
    if bits.length < HEAD_BITS or kind not in DECODERS:
        return None
    decode, least = DECODERS[kind]
    if bits.length < least:
        return None
    if kind == 24:
        part = bits.unsigned(38, 2)
        if part > 1 or (part == 1 and bits.length < LEAST_24B):
            return None
    out: dict[str, Value] = {
        "class": "AIS",
        "type": kind,
        "repeat": bits.unsigned(6, 2),
        "mmsi": bits.unsigned(8, 30),
        "scaled": True,
    }
    decode(bits, out)
    return out
