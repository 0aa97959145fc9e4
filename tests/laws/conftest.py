"""The outcome that all others are compared with."""

from __future__ import annotations

import pytest

from . import scene
from .running import Outcome, run


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """All lines, damaged ones too, in one piece."""
    return run([[scene.lines()]], tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """All messages undamaged, in the order of their times."""
    data = b"".join(message for _, message in scene.sent())
    return run([[data]], tmp_path_factory.mktemp("clean"))
