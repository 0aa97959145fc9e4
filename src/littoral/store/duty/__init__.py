"""Duty in the records: rosters, the papers that change them, the watch log. A desk is a unit and an
agency."""
