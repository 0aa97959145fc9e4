"""`/contacts`: what was heard by VHF or seen, entered by hand."""

from littoral.api.contacts.routes import router

__all__ = ["router"]
