"""Who sends: forms of MMSI (Recommendation ITU-R M.585-9, annexes 1 and 2) and class of station."""

from __future__ import annotations

from numba import njit

from littoral.schema.ais import ATON, BASE, CLASS_A, CLASS_B, DISTRESS_DEVICE, SAR_AIRCRAFT

FIRST_MID, LAST_MID = 201, 775  # maritime identification digits allotted, ITU Table


@njit(cache=True, nogil=True)
def _is_mid(mid: int) -> bool:
    return FIRST_MID <= mid <= LAST_MID


@njit(cache=True, nogil=True)
def is_allotted_form(mmsi: int) -> bool:
    """Whether M.585 knows a form that `mmsi` has.

    MIDxxxxxx ship · 0MIDxxxxx group · 00MIDxxxx coast station · 111MIDxxx SAR aircraft ·
    8MIDxxxxx handheld VHF · 98MIDxxxx craft of a parent ship · 99MIDxxxx aid to navigation ·
    970xxyyyy AIS-SART · 972xxyyyy man overboard · 974xxyyyy EPIRB · 979xxxxxx radio device of
    group B. The MID must lie in the range allotted so far, but need not be in use.
    """
    head = mmsi // 1_000_000
    if _is_mid(head):
        return True
    if mmsi < 10_000_000:
        return _is_mid(mmsi // 10_000)
    if mmsi < 100_000_000:
        return _is_mid(mmsi // 100_000)
    if head == 111:
        return _is_mid(mmsi // 1000 % 1000)
    if 800 <= head <= 899:
        return _is_mid(mmsi // 100_000 % 1000)
    if 980 <= head <= 999:
        return _is_mid(mmsi // 10_000 % 1000)
    return head in (970, 972, 974, 979)


@njit(cache=True, nogil=True)
def kind_of(msg_type: int, mmsi: int) -> int:
    """Class of station: the form of the MMSI where it decides, else the message type."""
    head = mmsi // 1_000_000
    if 970 <= head <= 974 and head in (970, 972, 974):
        return DISTRESS_DEVICE
    if msg_type == 4 or msg_type == 11:
        return BASE
    if msg_type == 21:
        return ATON
    if msg_type == 9 or head == 111:
        return SAR_AIRCRAFT
    if msg_type == 18 or msg_type == 19 or msg_type == 24:
        return CLASS_B
    return CLASS_A
