"""AIS: NMEA 0183 sentences with ITU-R M.1371 messages, from bytes to columns."""

from littoral.sense.ais.decoder import AisDecoder
from littoral.sense.decoded import Counts, Decoded, Rejects, StationList

__all__ = ["AisDecoder", "Counts", "Decoded", "Rejects", "StationList"]
