"""Duty regulations as files: those that come with Littoral, and a deployment's own beside them."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from littoral.respond.duty.regulation import Regulation, RegulationError, regulation_of

MAX_BYTES = 200_000


def read(folder: Path) -> dict[str, tuple[Regulation, str]]:
    """Regulation and its text by id. A file `*.toml` of the folder takes the place of a shipped one
    with the same id. Raises RegulationError with the file's name, OSError."""
    shipped = resources.files("littoral.respond.duty").joinpath("regulations")
    files = {f.name: f.read_text("utf-8") for f in shipped.iterdir() if f.name.endswith(".toml")}
    found = {}
    for _, text in sorted(files.items()):
        regulation = regulation_of(text)
        found[regulation.id] = regulation, text
    for path in sorted(folder.glob("*.toml")):
        if path.stat().st_size > MAX_BYTES:
            raise RegulationError(f"{path.name}: over {MAX_BYTES} bytes")
        try:
            text = path.read_text("utf-8")
            regulation = regulation_of(text)
        except (RegulationError, UnicodeDecodeError) as error:
            raise RegulationError(f"{path.name}: {error}") from None
        found[regulation.id] = regulation, text
    return found
