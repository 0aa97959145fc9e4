"""Which unit can be at a place first."""

from littoral.respond.rank.order import Going, Needs, rank
from littoral.respond.rank.reason import Reason, Why, say
from littoral.respond.rank.unit import Kind, Unit

__all__ = ["Going", "Kind", "Needs", "Reason", "Unit", "Why", "rank", "say"]
