"""The vault of the other tests, a folder for evidence, and files of each kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.vault.conftest import data, log, scene, vault

__all__ = ["data", "folder", "log", "scene", "vault"]


@pytest.fixture
def folder(data: Path) -> Path:
    return data / "evidence"
