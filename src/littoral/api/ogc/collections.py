"""The collections that `/ogc` has."""

from __future__ import annotations

from littoral.api.areas import area_features, port_features
from littoral.api.geofences import fence_features, fence_span
from littoral.api.ogc.alerts import Alerts
from littoral.api.ogc.features import Collection, ListCollection
from littoral.api.ogc.tracks import Tracks

COLLECTIONS: dict[str, Collection] = {
    c.id: c
    for c in (
        Tracks(),
        Alerts(),
        ListCollection(
            "areas",
            "Rings and crossings",
            "The three rings round the shore, which are no legal lines, and ferry crossings.",
            area_features,
        ),
        ListCollection("ports", "Ports", "Ports and licensed landing points.", port_features),
        ListCollection(
            "geofences",
            "Geofences",
            "Areas that people drew, with rules. Their time is their validity.",
            fence_features,
            fence_span,
        ),
    )
}
