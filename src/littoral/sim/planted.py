"""stub"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from littoral.sim.radio import SCRIPT

TEXTS = ("SART ACTIVE", "SART TEST")


@dataclass
class Planted:
    fleet: object
    plans: list
    scripts: np.ndarray
    silences: tuple

    @classmethod
    def none(cls):
        return cls(None, [], np.zeros(0, SCRIPT), ())


def plant(start_us, history_us, seed):
    return Planted.none()
