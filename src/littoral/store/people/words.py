"""Words of units and accounts beside those of access (`littoral.access.words`)."""

from __future__ import annotations

SYSTEM = "system"  # the role of an API key; people cannot hold it
ADMINISTRATOR = "administrator"
LANGUAGES = ("zh", "en")
