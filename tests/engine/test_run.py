"""`littoral run` on a real log: every line accounted for, exit codes as promised."""

from __future__ import annotations

import json

from littoral.cli import main
from littoral.engine.reference import read_reception, region_world
from littoral.sim.lines import generate


def test_run_accounts_for_every_line(tmp_path, capsys):
    log = tmp_path / "log"
    log.write_bytes(b"".join(c.tobytes() for c in generate(20_000, vessels=200, seed=5)))
    assert main(["run", str(log), "--out", str(tmp_path / "out"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    used = said["lines"] - sum(said["rejected"].values()) - sum(said["ignored"].values())
    assert said["lines"] == 20_000
    assert 15_000 < used < 20_000
    assert (tmp_path / "out" / "alerts.geojson").exists()


def test_a_file_that_cannot_be_read_is_named_and_the_others_run(tmp_path, capsys):
    log = tmp_path / "log"
    log.write_bytes(b"".join(c.tobytes() for c in generate(2_000, vessels=50, seed=5)))
    code = main(["run", str(tmp_path / "no"), str(log), "--out", str(tmp_path / "o"), "--json"])
    said = capsys.readouterr()
    assert code == 2
    assert json.loads(said.out)["lines"] == 2_000
    assert str(tmp_path / "no") in said.err


def test_what_is_learned_from_a_run_is_read_back_as_it_was_written(tmp_path, capsys):
    log, out, learned = tmp_path / "log", tmp_path / "out", tmp_path / "reception.arrow"
    log.write_bytes(b"".join(c.tobytes() for c in generate(20_000, vessels=200, seed=5)))
    assert main(["run", str(log), "--out", str(out)]) == 0
    assert main(["learn", "reception", "--data", str(out), "--out", str(learned)]) == 0
    said = capsys.readouterr().out
    assert read_reception(learned).version in said
    again = tmp_path / "again"
    arguments = ["run", str(log), "--out", str(again), "--reception", str(learned), "--json"]
    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out)["lines"] == 20_000


def test_learned_anchorages_are_taken_from_the_folder_or_by_name(tmp_path, capsys):
    log, out, learned = tmp_path / "log", tmp_path / "out", tmp_path / "anchorages.geojson"
    log.write_bytes(b"".join(c.tobytes() for c in generate(20_000, vessels=200, seed=5)))
    assert main(["run", str(log), "--out", str(out)]) == 0
    assert main(["learn", "anchorages", "--data", str(out), "--out", str(learned)]) == 0
    said = capsys.readouterr().out
    assert "learned 0 anchorage points" in said  # minutes of traffic, and 12 hours are asked for
    assert region_world("hainan", data=out).anchorage_points is None
    assert region_world("hainan", data=tmp_path).anchorage_points == ()
    assert region_world("hainan", anchorages=learned, data=out).anchorage_points == ()
    arguments = ["run", str(log), "--out", str(out), "--anchorages", str(learned), "--json"]
    assert main(arguments) == 0
    learned.write_text("{}")
    assert main(arguments) == 2
    assert "not a file of anchorage points" in capsys.readouterr().err


def test_a_profile_that_nobody_has_is_an_error_and_not_the_coastal_one(tmp_path, capsys):
    log = tmp_path / "log"
    log.write_bytes(b"".join(c.tobytes() for c in generate(100, vessels=5, seed=5)))
    assert main(["run", str(log), "--out", str(tmp_path / "o"), "--profile", "gwf"]) == 2
    said = capsys.readouterr().err
    assert "no profile 'gwf'; there are: coastal, gfw, skylight" in said
    assert not (tmp_path / "o").exists()
