"""A function for each rule, found by its folder; settings by keyword; nothing loaded too early."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import littoral
import littoral.detect
from littoral.detect import find_detectors, plurals, regular_plural
from littoral.detect.adjusting import SettingsError
from tests.engine.library import scene

NAMES = list(plurals())


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_is_a_function_that_says_what_it_does(name: str) -> None:
    detector = plurals()[name]
    run = getattr(littoral.detect, name)
    assert run.__name__ == name
    said = inspect.getdoc(run) or ""
    assert said.startswith(detector.summary["en"])
    assert f"docs/detectors/{detector.name}.md" in said
    for profile in detector.profiles.values():
        assert profile.source in said
    for setting in detector.profiles["coastal"].adjustable:
        assert f"{setting.name} = " in said
    assert name in dir(littoral.detect)


@pytest.mark.parametrize("name", NAMES)
def test_each_runs_over_a_night(name: str) -> None:
    found = getattr(littoral.detect, name)(scene.table())
    assert set(found["rule"].to_pylist()) <= {plurals()[name].name}
    together = littoral.alerts(scene.table(), detectors=[plurals()[name].name])
    assert found.equals(together)


def test_none_is_left_out() -> None:
    assert sorted(d.name for d in plurals().values()) == list(find_detectors())
    assert {"gaps", "encounters"} <= set(NAMES)


@pytest.mark.parametrize(
    ("one", "many"),
    [("gap", "gaps"), ("approach", "approaches"), ("port_visit", "port_visits"),
     ("distress", "distresses"), ("entry", "entries"), ("stay", "stays"),
     ("meetings", "meetings_found")],
)  # fmt: skip
def test_the_plural_of_a_name(one: str, many: str) -> None:
    assert regular_plural(one) == many


def test_a_setting_by_keyword_changes_what_is_found() -> None:
    table = scene.table()
    assert len(littoral.detect.gaps(table)) == 1
    # Silent for 14,400 s: where reception is not known and others are heard near by, that is three
    # times the limit. They have sailed on for 14.4 km by then, which is to be near.
    near = {"near_by_m": 50_000}
    assert len(littoral.detect.gaps(table, class_a_s=4_810, **near)) == 0
    (alert,) = littoral.detect.gaps(table, class_a_s=4_790, **near).to_pylist()
    assert '"class_a_s":4790.0' in alert["settings"]


def test_a_setting_that_is_none_or_out_of_bounds_is_named() -> None:
    with pytest.raises(TypeError, match=r"longest is no setting here; there are: class_a_s, "):
        littoral.detect.gaps(scene.table(), longest=3)
    with pytest.raises(SettingsError, match="class_a_s: must be 60 to 604800 s"):
        littoral.detect.gaps(scene.table(), class_a_s=3)


def test_a_profile_or_a_rule_that_nobody_has_is_named() -> None:
    with pytest.raises(KeyError, match="gaps has no profile 'skylight'; it has: coastal, gfw"):
        littoral.detect.gaps(scene.table(), profile="skylight")
    with pytest.raises(AttributeError, match=r"rules are run by .*encounters"):
        littoral.detect.kidnappings  # noqa: B018
    with pytest.raises(AttributeError, match="no attribute 'segment'"):
        littoral.segment  # noqa: B018


@pytest.mark.parametrize(
    "asked",
    ["littoral.detect.gaps", "__import__('littoral.detect').detect.gaps", "littoral.alerts"],
)
def test_it_is_loaded_when_first_asked_for(asked: str) -> None:
    """In a process of its own; the verifier of the log must not load the engine by `littoral`."""
    code = (
        "import sys, littoral, littoral.store.log.fsck, littoral.detect; "
        "from littoral.detect import gap; "
        "assert 'littoral.engine' not in sys.modules; "
        f"assert callable({asked}); "
        "assert 'littoral.engine.library' in sys.modules; "
        "assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
