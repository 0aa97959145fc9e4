"""How long a vessel must be silent, where, and by whose definition."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.area.geodesy import KNOT_MPS, NAUTICAL_MILE_M
from littoral.detect.contract import Profile
from littoral.detect.gap.adjustable import ADJUSTABLE
from littoral.schema.finding import CAUTION, WARNING

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class GapSettings:
    """Times in seconds, lengths in metres. A limit of zero is not applied."""

    # Silence that counts, by what the vessel is and does.
    class_a_s: float
    class_b_s: float
    fishing_s: float
    stationary_s: float  # moored, at anchor, aground, or slower than stationary_mps when last heard
    stationary_mps: float
    own_means: float  # not before so many of the vessel's own mean intervals
    # Who is judged at all.
    min_positions: int  # of the track
    min_age_s: float  # from its first position to its last
    ports_judged: bool  # whether a vessel last heard inside a port is judged
    # Where, and how well one hears there.
    off_shore_m: float  # at least so far from shore
    min_per_day: float  # learned reception there, positions a day, above this
    before_positions: int  # of the vessel itself, in the before_s up to the last
    before_s: float
    survival_max: float  # chance that a vessel heard there is silent so long all the same, at most
    weak_survival_max: float  # or at most this, when silent for unknown_factor as long
    silent_share_max: float  # silences that count, for each vessel and day heard there, at most
    # A silence is explained while the vessel's main receiver is out: the one that heard so many
    # positions of it more than all others, counted to twice that (what others hear then tells).
    main_positions: int
    # Where reception is not known.
    unknown_factor: float  # silence counts from this multiple, when others are heard near by
    alone_factor: float  # and from this when nobody is
    near_by_m: float
    unknown_ring_max: int  # rings up to this are judged (inland 0 .. beyond 4); -2: any
    known_priority: int
    other_priority: int  # reception unknown, or the vessel was stationary


COASTAL = GapSettings(
    class_a_s=0.5 * HOUR_S,
    class_b_s=1.0 * HOUR_S,
    fishing_s=1.0 * HOUR_S,
    stationary_s=6.0 * HOUR_S,
    stationary_mps=1.0 * KNOT_MPS,
    own_means=20.0,
    min_positions=20,
    min_age_s=0.5 * HOUR_S,
    ports_judged=False,
    off_shore_m=0.0,
    min_per_day=0.0,
    before_positions=0,
    before_s=12.0 * HOUR_S,
    survival_max=0.001,
    weak_survival_max=0.01,
    silent_share_max=0.05,
    main_positions=40,
    unknown_factor=3.0,
    alone_factor=6.0,
    near_by_m=10_000.0,
    unknown_ring_max=3,
    known_priority=WARNING,
    other_priority=CAUTION,
)

GFW = GapSettings(
    class_a_s=12.0 * HOUR_S,
    class_b_s=12.0 * HOUR_S,
    fishing_s=12.0 * HOUR_S,
    stationary_s=12.0 * HOUR_S,
    stationary_mps=0.0,
    own_means=0.0,
    min_positions=1,
    min_age_s=0.0,
    ports_judged=True,
    off_shore_m=50.0 * NAUTICAL_MILE_M,
    min_per_day=10.0,
    before_positions=14,
    before_s=12.0 * HOUR_S,
    survival_max=1.0,
    weak_survival_max=1.0,
    silent_share_max=1.0,
    main_positions=40,
    unknown_factor=1.0,
    alone_factor=1.0,
    near_by_m=0.0,
    unknown_ring_max=-2,
    known_priority=CAUTION,
    other_priority=CAUTION,
)

PROFILES = {
    "coastal": Profile(
        "coastal",
        COASTAL,
        "Littoral; survival of silence as learned by `littoral learn reception`; reporting "
        "intervals of ITU-R M.1371-5 Annex 1 tables 1 and 2",
        "Class A under way reports every 2 to 10 s, so half an hour is hundreds of reports missed; "
        "class B (2 W, low antennas, every 30 s) and fishing boats get an hour. What is moored or "
        "at anchor reports every 3 minutes, lies behind others and may switch off: 6 hours. Not "
        "judged: in port (quays and cranes shadow, sets are switched off alongside), aids to "
        "navigation, aircraft, tracks of fewer than 20 positions or half an hour (noise, passers "
        "at the edge). The place decides: an alert needs a silence that a vessel heard there keeps "
        "by chance once in a thousand times, or once in a hundred when it lasts three times as "
        "long (so that a place where few were heard is judged too), and that fewer than one in "
        "twenty vessels keeps there in a day (a vessel is heard hundreds of times and goes out of "
        "reach once: at the edge silence is the rule). Where nobody has learned that, "
        "three times the silence is asked with others heard within 10 km, six times without, and "
        "nothing is said beyond 24 n mile, where shore receivers lose ships by distance.",
        ADJUSTABLE,
    ),
    "gfw": Profile(
        "gfw",
        GFW,
        "Welch et al. 2022, Hot spots of unseen fishing vessels, Sci. Adv. 8(44) eabq2109; Global "
        "Fishing Watch, AIS disabling events: at least 12 h, begun at least 50 n mile from shore, "
        "reception above 10 positions a day, at least 14 satellite positions in the 12 h before",
        "To compare with published gaps. A shore receiver has no satellite positions: all of the "
        "vessel's own positions in the 12 h before are counted instead, and where reception was "
        "not learned these 14 stand in for it too (they are 28 a day at that place).",
        ADJUSTABLE,
    ),
}
