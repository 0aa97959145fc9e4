"""Classes of vessels: how many, how big, how fast, how they turn, what AIS they carry.

Sizes and speeds are the usual ranges of each trade; turn rates are what such ships do in ordinary
sailing, well below what they can. AIS ship types: ITU-R M.1371-5, table 53.
"""

from __future__ import annotations

from dataclasses import dataclass

CLASS_A, CLASS_B = 0, 1


@dataclass(frozen=True, slots=True)
class VesselClass:
    """Ranges are (low, high). `share_b`: how many carry class B."""

    name: str
    count: int  # in a world of 2,500
    ship_types: tuple[int, ...]
    length_m: tuple[int, int]
    length_to_beam: float
    draught_m: tuple[float, float]  # (0, 0): not sent
    speed_kn: tuple[float, float]
    turn_degps: float
    accel_mps2: float
    share_b: float
    has_imo: bool


def _c(name: str, count: int, **rest: object) -> tuple[str, VesselClass]:
    return name, VesselClass(name=name, count=count, **rest)  # type: ignore[arg-type]


CLASSES: dict[str, VesselClass] = dict(
    (
        _c(
            "container",
            110,
            ship_types=(71, 72, 79),
            length_m=(140, 366),
            length_to_beam=7.2,
            draught_m=(8.0, 14.5),
            speed_kn=(14.0, 19.0),
            turn_degps=0.35,
            accel_mps2=0.03,
            share_b=0.0,
            has_imo=True,
        ),
        _c(
            "bulk",
            190,
            ship_types=(70, 79),
            length_m=(150, 300),
            length_to_beam=6.5,
            draught_m=(7.0, 17.0),
            speed_kn=(10.5, 13.5),
            turn_degps=0.25,
            accel_mps2=0.02,
            share_b=0.0,
            has_imo=True,
        ),
        _c(
            "tanker",
            130,
            ship_types=(80, 81, 82, 84, 89),
            length_m=(90, 333),
            length_to_beam=5.9,
            draught_m=(6.0, 20.0),
            speed_kn=(10.0, 14.0),
            turn_degps=0.25,
            accel_mps2=0.02,
            share_b=0.0,
            has_imo=True,
        ),
        _c(
            "coaster",
            380,
            ship_types=(70, 79, 80),
            length_m=(60, 140),
            length_to_beam=6.0,
            draught_m=(3.5, 7.5),
            speed_kn=(8.0, 11.5),
            turn_degps=0.6,
            accel_mps2=0.04,
            share_b=0.0,
            has_imo=True,
        ),
        _c(
            "strait",
            110,
            ship_types=(70, 71, 79, 80),
            length_m=(70, 190),
            length_to_beam=6.2,
            draught_m=(4.0, 9.5),
            speed_kn=(9.0, 13.0),
            turn_degps=0.5,
            accel_mps2=0.04,
            share_b=0.0,
            has_imo=True,
        ),
        _c(
            "ferry",
            50,
            ship_types=(60, 61, 69),
            length_m=(110, 189),
            length_to_beam=6.4,
            draught_m=(4.5, 6.3),
            speed_kn=(13.0, 14.0),
            turn_degps=0.9,
            accel_mps2=0.06,
            share_b=0.0,
            has_imo=True,
        ),
        _c(
            "fishing",
            1080,
            ship_types=(30,),
            length_m=(14, 48),
            length_to_beam=4.6,
            draught_m=(0.0, 0.0),
            speed_kn=(7.5, 10.0),
            turn_degps=2.0,
            accel_mps2=0.08,
            share_b=0.75,
            has_imo=False,
        ),
        _c(
            "yacht",
            170,
            ship_types=(36, 37),
            length_m=(10, 42),
            length_to_beam=3.8,
            draught_m=(0.0, 0.0),
            speed_kn=(6.0, 18.0),
            turn_degps=4.0,
            accel_mps2=0.2,
            share_b=0.95,
            has_imo=False,
        ),
        _c(
            "pilot",
            14,
            ship_types=(50,),
            length_m=(16, 30),
            length_to_beam=4.0,
            draught_m=(1.8, 2.5),
            speed_kn=(10.0, 16.0),
            turn_degps=3.0,
            accel_mps2=0.15,
            share_b=0.0,
            has_imo=False,
        ),
        _c(
            "tug",
            60,
            ship_types=(52, 31),
            length_m=(24, 42),
            length_to_beam=3.3,
            draught_m=(3.0, 5.5),
            speed_kn=(6.0, 10.0),
            turn_degps=2.0,
            accel_mps2=0.08,
            share_b=0.0,
            has_imo=True,
        ),
        _c(
            "patrol",
            40,
            ship_types=(55,),
            length_m=(25, 99),
            length_to_beam=6.5,
            draught_m=(2.0, 5.0),
            speed_kn=(10.0, 16.0),
            turn_degps=2.0,
            accel_mps2=0.12,
            share_b=0.0,
            has_imo=False,
        ),
        _c(
            "dredger",
            22,
            ship_types=(33,),
            length_m=(50, 120),
            length_to_beam=5.0,
            draught_m=(3.0, 6.0),
            speed_kn=(5.0, 8.0),
            turn_degps=1.0,
            accel_mps2=0.05,
            share_b=0.0,
            has_imo=True,
        ),
        _c(
            "laid_up",
            40,
            ship_types=(70, 80, 33, 90),
            length_m=(60, 200),
            length_to_beam=6.0,
            draught_m=(3.0, 7.0),
            speed_kn=(8.0, 10.0),
            turn_degps=0.5,
            accel_mps2=0.04,
            share_b=0.0,
            has_imo=True,
        ),
        _c(
            "sar_aircraft",
            2,
            ship_types=(0,),
            length_m=(0, 0),
            length_to_beam=1.0,
            draught_m=(0.0, 0.0),
            speed_kn=(110.0, 130.0),
            turn_degps=3.0,
            accel_mps2=1.0,
            share_b=0.0,
            has_imo=False,
        ),
    )
)
