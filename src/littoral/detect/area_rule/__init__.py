"""Area rule: crossings of rings; entry, exit, speed, night, season and stay rules of geofences."""

from littoral.detect.area_rule.detector import AreaRule

DETECTOR = AreaRule()
PLURAL = "area_breaches"

__all__ = ["DETECTOR", "PLURAL"]
