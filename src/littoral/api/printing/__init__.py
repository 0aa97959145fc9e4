"""Prints: a document of plain blocks, set as PDF by Typst (docs/decisions/0064)."""

from littoral.api.printing.incident import router

__all__ = ["router"]
