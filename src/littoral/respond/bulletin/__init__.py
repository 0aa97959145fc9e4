"""Bulletins: official information for an area, such as a storm warning."""
