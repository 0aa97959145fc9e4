"""Duty: who stands which watch, who is called in which order, which checks fall due, and what goes
from one watch to the next. Pure: time, rosters and papers come in as arguments."""
