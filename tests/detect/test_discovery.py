"""Detectors are found by their folders."""

from __future__ import annotations

import pkgutil
from pathlib import Path

import pytest

import littoral.detect
from littoral.detect import find_detectors, profile_of

FOUND = find_detectors()


def test_every_folder_with_a_detector_is_found_and_nothing_else():
    folder = Path(littoral.detect.__file__).parent
    folders = {m.name for m in pkgutil.iter_modules([str(folder)]) if m.ispkg}
    rules = {n for n in folders if "DETECTOR" in (folder / n / "__init__.py").read_text()}
    assert list(FOUND) == sorted(rules)
    assert {"gap", "identity", "distress", "receiver"} <= set(FOUND)


@pytest.mark.parametrize("name", FOUND)
def test_every_detector_says_what_it_is(name):
    detector = FOUND[name]
    assert detector.name == name
    assert detector.version.count(".") == 2
    assert set(detector.summary) == {"zh", "en"}
    assert "coastal" in detector.profiles
    for key, profile in detector.profiles.items():
        assert profile.name == key
        assert len(profile.source) > 10
        assert len(profile.why) > 10
        hash(profile.settings)  # frozen


def test_a_profile_that_a_detector_lacks_falls_back_to_coastal():
    assert profile_of(FOUND["gap"], "gfw").name == "gfw"
    assert profile_of(FOUND["receiver"], "gfw").name == "coastal"
