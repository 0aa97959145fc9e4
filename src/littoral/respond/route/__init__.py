"""Shortest ways at sea around land."""

from littoral.respond.route.answer import NoRoute, Route
from littoral.respond.route.router import SeaRouter

__all__ = ["NoRoute", "Route", "SeaRouter"]
