"""Names as net beacons send them; the forms are those that docs/net-beacons.md cites."""

from __future__ import annotations

import pytest

from littoral.fuse.beacon import Battery, battery_of


@pytest.mark.parametrize(
    ("name", "percent"),
    [
        ("NET MARK-85%", 85),
        ("B-12345-87%", 87),
        ("12345-1-98%", 98),
        ("NETMARK 7%", 7),
        ("MIN SHI YU 05123-100%", 100),
        ("0%", 0),
        ("A1-5% ", 5),
    ],
)
def test_a_percentage_at_the_end_is_a_battery(name: str, percent: int) -> None:
    assert battery_of(name.encode()) == Battery(percent=percent)


@pytest.mark.parametrize(
    ("name", "volts"),
    [("B1-11.9V", 11.9), ("NET 12V", 12.0), ("3.7V", 3.7), ("A_24.0v", 24.0), ("N/7.4V", 7.4)],
)
def test_a_voltage_that_stands_alone_is_a_battery(name: str, volts: float) -> None:
    assert battery_of(name.encode()) == Battery(volts=volts)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "%",
        "V",
        "QIONG LIN YU 01123",  # a fishing boat of Hainan
        "88123",  # a boat that is called by its number alone
        "101%",
        "1234%",
        "100% PURE",
        "LOUIS V",
        "HENRI 4V5",
        "M12V",  # letters before it: a name
        "CV 1.2V",  # no battery is so empty
        "X-99V",
        "B-1.25V",
        "NET MARK",
    ],
)
def test_anything_else_is_none(name: str) -> None:
    assert battery_of(name.encode()) == Battery()
