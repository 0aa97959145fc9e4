"""Where the simulated traffic goes: ports, anchorages, fishing grounds, receivers, aids.

Positions are laid by hand on GSHHG's shoreline from general knowledge of the island's ports; they
are stage scenery, not a source for navigation. A port is reached through its `gate`, a point in
clear water; its berths are points of water near `lon_deg, lat_deg` that see the gate.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Port:
    name: str  # pinyin, as in a destination field
    lon_deg: float  # middle of the berths
    lat_deg: float
    radius_m: float
    gate_lon_deg: float
    gate_lat_deg: float
    uses: frozenset[str]  # cargo, ferry, fishing, yacht, work


@dataclass(frozen=True, slots=True)
class Disc:
    """A round piece of sea."""

    name: str
    lon_deg: float
    lat_deg: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class Station:
    """A shore receiver; `range_m` is where it still hears half of a class A ship's messages."""

    name: str
    lon_deg: float
    lat_deg: float
    range_m: float
    mmsi: int


@dataclass(frozen=True, slots=True)
class Aid:
    name: str
    lon_deg: float
    lat_deg: float
    aid_type: int  # M.1371-5, table 74
    virtual: bool = False


def _port(
    name: str, berth: tuple[float, float], radius_m: float, gate: tuple[float, float], uses: str
) -> Port:
    return Port(name, *berth, radius_m, *gate, frozenset(uses.split()))


PORTS: dict[str, Port] = {
    p.name: p
    for p in (
        _port("HAIKOU", (110.275, 20.045), 2500, (110.272, 20.105), "cargo work yacht"),
        _port("XIUYING", (110.285, 20.040), 1800, (110.278, 20.095), "ferry"),
        _port("XINHAI", (110.150, 20.078), 1500, (110.150, 20.118), "ferry"),
        _port("TIELU", (110.120, 20.055), 1800, (110.110, 20.105), "ferry"),
        _port("HAIAN", (110.225, 20.258), 1500, (110.225, 20.215), "ferry"),
        _port("XUWEN", (110.150, 20.232), 1500, (110.155, 20.205), "ferry"),
        _port("MACUN", (110.030, 19.985), 2500, (109.990, 20.040), "cargo work"),
        _port("YANGPU", (109.150, 19.745), 2500, (109.090, 19.760), "cargo work"),
        _port("BAIMAJING", (109.150, 19.695), 2200, (109.080, 19.715), "fishing"),
        _port("BASUO", (108.600, 19.115), 2500, (108.545, 19.130), "cargo work fishing"),
        _port("YINGGEHAI", (108.690, 18.480), 2500, (108.650, 18.440), "fishing"),
        _port("SANYA", (109.460, 18.235), 3000, (109.430, 18.185), "cargo work yacht"),
        _port("YAZHOU", (109.130, 18.240), 2200, (109.100, 18.230), "fishing"),
        _port("YALONG", (109.650, 18.220), 2200, (109.640, 18.160), "yacht"),
        _port("XINCUN", (110.010, 18.370), 2500, (110.030, 18.320), "fishing yacht"),
        _port("WANNING", (110.530, 18.800), 2500, (110.580, 18.780), "fishing"),
        _port("TANMEN", (110.640, 19.235), 2000, (110.700, 19.225), "fishing"),
        _port("QINGLAN", (110.840, 19.530), 2500, (110.890, 19.480), "cargo fishing work"),
        _port("PUQIAN", (110.570, 20.100), 2200, (110.500, 20.130), "fishing"),
        _port("LINGAO", (109.640, 20.005), 2500, (109.640, 20.050), "fishing"),
        _port("XINYING", (109.500, 19.890), 2500, (109.480, 19.950), "fishing"),
        _port("WUSHI", (109.760, 20.630), 2200, (109.720, 20.560), "fishing"),
        _port("WEIZHOU", (109.075, 21.030), 2500, (109.020, 21.010), "fishing cargo"),
    )
}

# Beside the ways in and out of the ports, not on them.
ANCHORAGES: tuple[Disc, ...] = (
    Disc("HAIKOU", 110.330, 20.108, 1900.0),
    Disc("MACUN", 109.925, 20.035, 2200.0),
    Disc("YANGPU", 108.985, 19.770, 2800.0),
    Disc("BASUO", 108.575, 19.205, 3000.0),
    Disc("SANYA", 109.430, 18.140, 2200.0),
    Disc("QINGLAN", 110.960, 19.430, 2600.0),
)

# Fishing grounds: off the ports, clear of the main lanes.
GROUNDS: tuple[Disc, ...] = (
    Disc("BEIBU N", 108.75, 20.65, 22_000.0),
    Disc("BEIBU M", 108.60, 19.95, 16_000.0),
    Disc("CHANGHUA", 108.30, 19.50, 14_000.0),
    Disc("YINGGE", 108.35, 18.35, 14_000.0),
    Disc("SANYA S", 109.55, 17.92, 13_000.0),
    Disc("LINGSHUI", 110.45, 18.20, 14_000.0),
    Disc("WANNING E", 110.95, 18.75, 15_000.0),
    Disc("QIONGHAI E", 111.10, 19.15, 14_000.0),
    Disc("WENCHANG E", 111.45, 19.85, 13_000.0),
    Disc("QIZHOU N", 111.30, 20.20, 10_000.0),
)

STATIONS: tuple[Station, ...] = (
    Station("HAIKOU", 110.32, 20.03, 68_000.0, 4_131_101),
    Station("MULANTOU", 110.68, 20.15, 80_000.0, 4_131_102),
    Station("TONGGULING", 111.02, 19.66, 98_000.0, 4_131_103),
    Station("WANNING", 110.47, 18.79, 92_000.0, 4_131_104),
    Station("SANYA", 109.50, 18.24, 105_000.0, 4_131_105),
    Station("YINGGEHAI", 108.70, 18.52, 84_000.0, 4_131_106),
    Station("DONGFANG", 108.66, 19.10, 90_000.0, 4_131_107),
    Station("DANZHOU", 109.28, 19.86, 92_000.0, 4_131_108),
)

AIDS: tuple[Aid, ...] = (
    Aid("XIUYING DENGFU 1", 110.262, 20.088, 14),
    Aid("XIUYING DENGFU 2", 110.268, 20.086, 13),
    Aid("XINHAI DENGFU 1", 110.146, 20.108, 14),
    Aid("TIELU DENGFU 1", 110.112, 20.092, 14),
    Aid("MACUN DENGFU 1", 110.000, 20.022, 14),
    Aid("YANGPU DENGFU 1", 109.105, 19.752, 14),
    Aid("YANGPU DENGFU 2", 109.105, 19.745, 13),
    Aid("BASUO DENGFU 1", 108.570, 19.128, 14),
    Aid("SANYA DENGFU 1", 109.445, 18.205, 14),
    Aid("QINGLAN DENGFU 1", 110.868, 19.505, 14),
    Aid("QIONGZHOU V1", 110.050, 20.145, 30, True),
    Aid("QIONGZHOU V2", 110.300, 20.165, 30, True),
    Aid("QIONGZHOU V3", 110.600, 20.215, 30, True),
    Aid("WENCHANG FENGDIAN", 111.300, 19.450, 1),
    Aid("DONGFANG FENGDIAN", 108.450, 18.980, 1),
    Aid("YACHENG 13-1", 109.010, 17.520, 3),
)
