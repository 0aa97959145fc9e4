"""What the demo knows of its receivers: made by the product's own command, with a version."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import littoral.sim
from littoral.engine.reference import read_reception
from littoral.schema.ais import CLASS_A
from littoral.sim.demo import RECEPTION
from littoral.sim.places import STATIONS


def test_the_packaged_reception_is_the_one_described() -> None:
    source = Path(littoral.sim.__file__).parent / "data" / "SOURCE.md"
    assert f"`{read_reception(RECEPTION).version}`" in source.read_text()


def test_near_its_receivers_a_silence_is_a_surprise_and_beyond_them_nothing_is_known() -> None:
    learned = read_reception(RECEPTION)
    # Roads and lanes 10 to 20 km off the receivers of Haikou, Sanya and Dongfang, by the chart.
    lon, lat = np.array([110.27, 109.43, 108.55]), np.array([20.12, 18.13, 19.10])
    assert (learned.survival(lon, lat, CLASS_A, 1800.0) < 0.001).all()
    assert (learned.silent_share(lon, lat, CLASS_A, 1800.0) < 0.05).all()
    # 200 km and more from every receiver.
    far = max(STATIONS, key=lambda s: s.lon_deg).lon_deg + 2.5
    assert np.isnan(learned.survival(far, 18.5, CLASS_A, 1800.0)).all()


def test_out_of_reach_is_where_vessels_go_silent() -> None:
    """Off Sanya hardly any ship goes silent for half an hour; 120 km north of Mulantou, which hears
    half of what is sent at 80 km, many do."""
    learned = read_reception(RECEPTION)
    near, edge = learned.silent_share(
        np.array([109.43, 110.98]), np.array([18.13, 21.1]), CLASS_A, 1800.0
    )
    assert near < 0.02
    assert edge > 0.2
