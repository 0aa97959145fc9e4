"""Weather and water: IMO SN.1/Circ.236 number 11 and Circ.289 number 31, in messages 8.

Codes beyond what a field can mean (reserved, sensor missing, not available) are None; the last
valid code of a range means "this or more".
"""

from __future__ import annotations

from littoral.sense.ais.messages import legends
from littoral.sense.ais.messages.fields import (
    coded,
    flag,
    moment,
    named,
    place,
    scaled,
    spare,
    uint,
)

DAY_TIME = moment(
    "timestamp", "{D:02}T{h:02}:{m:02}Z",
    (("D", 5, 0), ("h", 5, 24), ("m", 6, 60)),
    (("D", 5, 31), ("h", 5, 31), ("m", 6, 63)),  # Circ.236
)  # fmt: skip


def _from(first: int, width: int) -> range:
    """Codes from `first` up to the last of `width` bits."""
    return range(first, 1 << width)


def _degrees(name: str):
    return uint(name, 9, null=_from(360, 9))


def _tenths(name: str, width: int, first_reserved: int):
    return scaled(name, width, 10, 1, null=_from(first_reserved, width))


WIND = (
    uint("wspeed", 7, null=_from(127, 7)), uint("wgust", 7, null=_from(127, 7)), _degrees("wdir"),
    _degrees("wgustdir"),
)  # fmt: skip
CURRENTS = (
    _tenths("cspeed", 8, 252), _degrees("cdir"),
    _tenths("cspeed2", 8, 252), _degrees("cdir2"), uint("cdepth2", 5, null=(31,)),
    _tenths("cspeed3", 8, 252), _degrees("cdir3"), uint("cdepth3", 5, null=(31,)),
)  # fmt: skip
WAVES = (
    _tenths("waveheight", 8, 252), uint("waveperiod", 6, null=_from(61, 6)), _degrees("wavedir"),
    _tenths("swellheight", 8, 252), uint("swellperiod", 6, null=_from(61, 6)),
    _degrees("swelldir"), uint("seastate", 4, null=_from(13, 4)),
)  # fmt: skip

WEATHER_236 = (
    place("lat", 24, 60_000, 6, null=(0x7FFFFF,)), place("lon", 25, 60_000, 6, null=(0xFFFFFF,)),
    DAY_TIME, *WIND,
    scaled("airtemp", 11, 10, 1, null=_from(1201, 11), offset=-60.0),
    uint("humidity", 7, null=_from(101, 7)),
    scaled("dewpoint", 10, 10, 1, null=_from(701, 10), offset=-20.0),
    scaled("pressure", 9, 1, 0, null=_from(401, 9), offset=800),
    named("pressuretend", 2, legends.TREND, null=(3,)),
    _tenths("visibility", 8, 251),
    scaled("waterlevel", 9, 10, 1, null=_from(401, 9), offset=-10.0),
    named("leveltrend", 2, legends.TREND, null=(3,)), *CURRENTS, *WAVES,
    scaled("watertemp", 10, 10, 1, null=_from(601, 10), offset=-10.0),
    coded("preciptype", 3, legends.PRECIPITATION, null=(7,)),
    _tenths("salinity", 9, 501), coded("ice", 2, legends.ICE, null=(3,)), spare(6),
)  # fmt: skip
WEATHER_289 = (
    place("lon", 25, 60_000, 6), place("lat", 24, 60_000, 6), flag("accuracy"), DAY_TIME, *WIND,
    scaled("airtemp", 11, 10, 1, null=(*range(-1024, -600), *range(601, 1024)), signed=True),
    uint("humidity", 7, null=_from(101, 7)),
    scaled("dewpoint", 10, 10, 1, null=(*range(-512, -200), *range(501, 512)), signed=True),
    # 0: 799 hPa or less, 1 to 401: 800 to 1200, 402: 1201 or more.
    scaled("pressure", 9, 1, 0, null=_from(403, 9), offset=799),
    named("pressuretend", 2, legends.TREND, null=(3,)), flag("visgreater"),
    _tenths("visibility", 7, 127),
    scaled("waterlevel", 12, 100, 2, null=_from(4001, 12), offset=-10.0),
    named("leveltrend", 2, legends.TREND, null=(3,)), *CURRENTS, *WAVES,
    scaled("watertemp", 10, 10, 1, null=(*range(-512, -100), *range(501, 512)), signed=True),
    named("preciptype", 3, legends.PRECIPITATION, null=(7,)),
    _tenths("salinity", 9, 502), named("ice", 2, legends.ICE, null=(3,)), spare(10),
)  # fmt: skip
