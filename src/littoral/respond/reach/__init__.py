"""Reaching people: whom to tell next, by what, until somebody's device says that it has it."""
