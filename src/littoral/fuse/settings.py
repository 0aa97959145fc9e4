"""Limits of track keeping, each with its source."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np

from littoral.area.geodesy import KNOT_MPS, NAUTICAL_MILE_M

SECOND_US = 1_000_000


@dataclass(frozen=True, slots=True)
class FuseSettings:
    """Every number that decides which track a report joins. GFW: gpsdio-segment (docs/tracks.md).

    Seconds, metres, metres a second by their names, and three counts (confirm_positions,
    split_returns, most_open); all float64, so that the kernels take one array.
    """

    # A report is *near* a track when its discrepancy is under near_base_m + near_mps * dt: 500 m
    # for position and clock errors of terrestrial receivers (10 s at 20 kn, a type 27's 0.1 minute)
    # and 50 kn for what a vessel may do otherwise than dead reckoning says.
    near_base_m: float = 500.0
    near_mps: float = 50.0 * KNOT_MPS
    # A report is *possible* on an established track while discrepancy / dt is under
    # reach_mps * (1 + (reach_m / discrepancy)**2): 25 kn and 40 nautical miles (its 1600 = 40 * 40)
    # are GFW's of December 2017, which allow for the clocks of satellites. reach_cap_mps bounds the
    # second factor so that two ships a few miles apart that speak in turn are told apart.
    reach_mps: float = 25.0 * KNOT_MPS
    reach_m: float = 40.0 * NAUTICAL_MILE_M
    reach_cap_mps: float = 600.0 * KNOT_MPS
    # Dead reckoning over h hours counts h / (1 + sqrt(h / 4)): none goes straight for long (GFW).
    penalty_s: float = 4.0 * 3600.0
    # A track silent for longer is closed (GFW: 24 h).
    silence_s: float = 24.0 * 3600.0
    # What fits no track opens one: at once when farther than this from every established track
    # (GFW 2017: 100 nautical miles), else as a candidate, which lives candidate_silence_s after its
    # last report and is established once confirm_positions have come over confirm_s.
    apart_m: float = 100.0 * NAUTICAL_MILE_M
    candidate_silence_s: float = 20.0 * 60.0
    confirm_positions: float = 10.0
    confirm_s: float = 10.0 * 60.0
    # Going to and fro between two lines of travel this often within this time is two ships.
    split_returns: float = 3.0
    split_s: float = 30.0 * 60.0
    # The same content from one MMSI within this is one report heard twice. Below the 7.5 s between
    # the messages of an AIS-SART burst (IEC 61097-14), above the delays between receivers.
    repeat_s: float = 6.0
    # `fleet.stations` names the receivers of the last one to two of these.
    heard_s: float = 600.0
    # Open tracks of one MMSI; beyond, a report joins the nearest (GFW 2020: 20).
    most_open: float = 64.0

    def array(self) -> np.ndarray:
        """Shape (len(fields),), float64, in the order of the fields: what the kernels index."""
        return np.array(astuple(self), np.float64)


# Index of each field in `array()`; the kernels read these as constants.
(
    NEAR_BASE_M,
    NEAR_MPS,
    REACH_MPS,
    REACH_M,
    REACH_CAP_MPS,
    PENALTY_S,
    SILENCE_S,
    APART_M,
    CANDIDATE_SILENCE_S,
    CONFIRM_POSITIONS,
    CONFIRM_S,
    SPLIT_RETURNS,
    SPLIT_S,
    REPEAT_S,
    HEARD_S,
    MOST_OPEN,
) = range(16)

DEFAULT = FuseSettings()
