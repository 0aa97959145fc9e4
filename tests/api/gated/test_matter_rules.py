"""A deployment's own service levels and leads take the place of those that come with Littoral."""

from __future__ import annotations

from pathlib import Path

import pytest

from littoral.cli import main
from littoral.store import matter_rules

from .conftest import Watch
from .test_incidents import reported

LEVELS = """
[[level]]
id = "every-fire"
state = "reported"
within_minutes = 7
types = ["fire"]
"""
LEADS = """
[[lead]]
types = ["smuggling"]
agency = "border_inspection"
"""


def test_without_files_those_of_littoral_hold(tmp_path: Path) -> None:
    assert matter_rules.read(tmp_path) == matter_rules.shipped()
    assert len(matter_rules.shipped().levels) > 3
    assert len(matter_rules.shipped().leads) > 3


def test_each_file_takes_the_place_of_one_table(tmp_path: Path) -> None:
    (tmp_path / "levels.toml").write_text(LEVELS)
    found = matter_rules.read(tmp_path)
    assert [(level.id, level.within_us) for level in found.levels] == [("every-fire", 420_000_000)]
    assert found.leads == matter_rules.shipped().leads
    (tmp_path / "leads.toml").write_text(LEADS)
    assert [lead.agency for lead in matter_rules.read(tmp_path).leads] == ["border_inspection"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("levels.toml", LEVELS.replace("7", '"soon"'), r"levels\.toml: .*within_minutes"),
        ("levels.toml", "[[level", r"levels\.toml: not TOML"),
        ("leads.toml", LEADS.replace("border_inspection", "navy"), r"leads\.toml: lead 1: agency"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match=said):
        matter_rules.read(tmp_path)


def test_a_server_does_not_start_with_a_wrong_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "leads.toml").write_text(LEADS.replace("border_inspection", "navy"))
    assert main(["serve", "--data", str(data), "--port", "0"]) == 1
    assert "leads.toml: lead 1: agency is one of" in capsys.readouterr().err


def test_incidents_go_by_them(watch: Watch, tmp_path: Path) -> None:
    (tmp_path / "levels.toml").write_text(LEVELS)
    (tmp_path / "leads.toml").write_text(LEADS)
    watch.gate.matters = matter_rules.read(tmp_path)
    lead = watch.browser("watch_lead", unit="460100")
    assert reported(lead, type="smuggling")["lead_agency"] == "border_inspection"
    fire = reported(lead, type="fire")
    assert fire["due"]["level"] == "every-fire"
