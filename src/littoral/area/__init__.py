"""Coastline, rings, ports, geofences, reception: where things are. `load.load_world` gives all."""

from __future__ import annotations

from littoral.area.load import load_world

__all__ = ["load_world"]
