"""The lists that a server began with hold until a file that can hold takes their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from littoral.engine.setup import Plan, live_of
from littoral.store.checklists import FOLDER, FilesError, kept, shipped


@pytest.fixture
def own(tmp_path: Path) -> Path:
    found = tmp_path / FOLDER
    found.mkdir()
    return found


def test_a_file_spoilt_between_the_start_and_the_first_question_changes_nothing(own: Path) -> None:
    (own / "fire.toml").write_text(shipped()["fire"].replace('en = "Fire', 'en = "Our fire'))
    live_of(Plan(own.parent))
    (own / "fire.toml").write_text('type = "fire"\n')
    assert kept(own).now().by_type["fire"].en.startswith("Our fire")


def test_a_wrong_file_stops_the_start_also_after_an_earlier_one(own: Path) -> None:
    live_of(Plan(own.parent))
    (own / "fire.toml").write_text('type = "fire"\n')
    with pytest.raises(FilesError, match=r"fire\.toml, line 1: "):
        live_of(Plan(own.parent))


def test_what_cannot_be_opened_leaves_the_lists_until_it_can(own: Path) -> None:
    live_of(Plan(own.parent))
    (own / "fire.toml").mkdir()
    assert kept(own).now().files == {}
    (own / "fire.toml").rmdir()
    (own / "fire.toml").write_text(shipped()["fire"])
    assert set(kept(own).now().files) == {"fire"}
