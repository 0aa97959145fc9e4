"""Messages for people to read: every field of all 27 types, with gpsd's names and units."""

from littoral.sense.ais.messages.fields import Bits, Value
from littoral.sense.ais.messages.lines import Reader, decode_lines
from littoral.sense.ais.messages.message import decode_bits

__all__ = ["Bits", "Reader", "Value", "decode_bits", "decode_lines"]
