"""Area rule: crossings of rings; entry, exit, speed, night, season and stay rules of geofences."""

from littoral.detect.area_rule.detector import AreaRule

DETECTOR = AreaRule()

__all__ = ["DETECTOR"]
