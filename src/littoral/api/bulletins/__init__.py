"""`/bulletins`: official information for an area, who has it and who has read it."""

from littoral.api.bulletins.routes import router

__all__ = ["router"]
