"""Forms of MMSI in a column: Recommendation ITU-R M.585-9, annexes 1 and 2."""

from __future__ import annotations

import numpy as np

from littoral.schema.ais import CLASS_A, DISTRESS_DEVICE, SAR_AIRCRAFT


def _is_mid(mid: np.ndarray) -> np.ndarray:
    """Maritime identification digits in the range allotted so far."""
    return (mid >= 201) & (mid <= 775)


def allotted_form(mmsi: np.ndarray) -> np.ndarray:
    """bool (n,): a form that M.585 knows; ships, groups 0MID, coast stations 00MID, SAR aircraft
    111MID, handheld radios 8MID, craft 98MID, aids 99MID, distress devices 970, 972, 974, 979."""
    head = mmsi // 1_000_000
    fine = _is_mid(head) | np.isin(head, (970, 972, 974, 979))
    fine |= (mmsi < 10_000_000) & _is_mid(mmsi // 10_000)
    fine |= (mmsi >= 10_000_000) & (mmsi < 100_000_000) & _is_mid(mmsi // 100_000)
    fine |= (head == 111) & _is_mid(mmsi // 1000 % 1000)
    fine |= (head >= 800) & (head <= 899) & _is_mid(mmsi // 100_000 % 1000)
    fine |= (head >= 980) & (head <= 999) & _is_mid(mmsi // 10_000 % 1000)
    return fine


def kind_of(mmsi: np.ndarray) -> np.ndarray:
    """int8 (n,): the kind of station where the form alone says it, else class A."""
    head = mmsi // 1_000_000
    kind = np.full(len(mmsi), CLASS_A, np.int8)
    kind[head == 111] = SAR_AIRCRAFT
    kind[np.isin(head, (970, 972, 974))] = DISTRESS_DEVICE
    return kind
