"""Which agency leads, by a table that a deployment edits."""

from __future__ import annotations

from importlib import resources

import pytest

from littoral.access.words import AGENCIES
from littoral.area.rings import RING_SLUGS
from littoral.respond.incident.leads import LeadsError, lead_of, leads_of, may_lead
from littoral.respond.incident.words import TYPES

RINGS = tuple(RING_SLUGS.values())
FILE = """
[[lead]]
types = ["smuggling"]
rings = ["near_sea", "beyond"]
agency = "coast_guard"

[[lead]]
types = ["smuggling", "landing"]
agency = "customs"
"""


def test_the_first_that_fits_leads() -> None:
    leads = leads_of(FILE, AGENCIES, RINGS)
    assert lead_of("smuggling", "beyond", leads) == "coast_guard"
    assert lead_of("smuggling", "inland", leads) == "customs"
    assert lead_of("smuggling", "", leads) == "customs"  # the place is not known
    assert lead_of("landing", "beyond", leads) == "customs"
    assert lead_of("fire", "inland", leads) is None
    assert may_lead("smuggling", leads) == {"coast_guard", "customs"}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("[[lead", "not TOML"), ("lead = 3", "[[lead]]"),
        ('[[lead]]\ntypes = ["ufo"]\nagency = "customs"', "ufo"),
        ('[[lead]]\ntypes = ["fire"]\nagency = "navy"', "agency"),
        ('[[lead]]\ntypes = ["fire"]\nrings = ["moon"]\nagency = "police"', "moon"),
        ('[[lead]]\nagency = "police"', "types"),
        ('[[lead]]\ntypes = ["fire"]\nagency = "police"\nhue = 1', "hue"),
    ],
)  # fmt: skip
def test_a_wrong_table_is_refused(document: str, said: str) -> None:
    with pytest.raises(LeadsError) as error:
        leads_of(document, AGENCIES, RINGS)
    assert said in str(error.value)


def test_the_table_that_comes_along() -> None:
    """Smuggling is for the coast guard at sea, for customs ashore; rescue for the coast guard."""
    text = resources.files("littoral.respond").joinpath("leads.toml").read_text("utf-8")
    leads = leads_of(text, AGENCIES, RINGS)
    at_sea = {t: lead_of(t, "near_sea_12nm", leads) for t in TYPES}
    ashore = {t: lead_of(t, "inland", leads) for t in TYPES}
    assert at_sea == {
        "smuggling": "coast_guard", "rescue": "coast_guard", "collision": "maritime",
        "fire": "maritime", "storm": "local_government", "landing": "coast_guard",
        "epidemic": "health", "pollution": "coast_guard", "neighbourhood": "local_government",
        "other": None,
    }  # fmt: skip
    assert ashore == {
        "smuggling": "customs", "rescue": "coast_guard", "collision": "maritime",
        "fire": "local_government", "storm": "local_government", "landing": "border_inspection",
        "epidemic": "health", "pollution": "local_government", "neighbourhood": "local_government",
        "other": None,
    }  # fmt: skip
