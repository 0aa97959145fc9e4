"""Where and when a moving target can be met."""

from littoral.respond.intercept.answer import Meeting, NoMeeting, Target, Unmet
from littoral.respond.intercept.at_sea import meet_at_sea
from littoral.respond.intercept.straight import meet_straight

__all__ = ["Meeting", "NoMeeting", "Target", "Unmet", "meet_at_sea", "meet_straight"]
