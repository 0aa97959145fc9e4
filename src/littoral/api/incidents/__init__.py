"""`/incidents`: from the first report to the last verification, one code for one matter."""

from littoral.api.incidents.routes import router

__all__ = ["router"]
