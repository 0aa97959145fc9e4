"""By when incidents are dealt with, and who leads them: the tables that come with Littoral, and a
deployment's own in their place, `levels.toml` and `leads.toml` in its data folder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from littoral.access.words import AGENCIES
from littoral.area.rings import RING_SLUGS
from littoral.respond.incident.leads import Lead, leads_of
from littoral.respond.incident.levels import Level, levels_of

LEVELS, LEADS = "levels.toml", "leads.toml"


@dataclass(frozen=True, slots=True)
class MatterRules:
    levels: tuple[Level, ...]
    leads: tuple[Lead, ...]


@cache
def shipped() -> MatterRules:
    return _read(None)


def read(folder: Path) -> MatterRules:
    """Raises ValueError that names the file and what is wrong in it, OSError."""
    return _read(folder)


def _read(folder: Path | None) -> MatterRules:
    try:
        levels = levels_of(_text(folder, LEVELS))
    except ValueError as error:
        raise ValueError(f"{LEVELS}: {error}") from None
    try:
        return MatterRules(
            levels, leads_of(_text(folder, LEADS), AGENCIES, tuple(RING_SLUGS.values()))
        )
    except ValueError as error:
        raise ValueError(f"{LEADS}: {error}") from None


def _text(folder: Path | None, name: str) -> str:
    own = None if folder is None else folder / name
    if own is not None and own.exists():
        return own.read_text(encoding="utf-8")
    return resources.files("littoral.respond").joinpath(name).read_text(encoding="utf-8")
