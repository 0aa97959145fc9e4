"""contracts/live/ as Python writes and reads it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from littoral.api.live import frame

from . import vectors


def test_committed_files_are_what_the_code_writes() -> None:
    made = vectors.files()
    assert len(made) == 11
    for name, data in made.items():
        committed = (vectors.FOLDER / name).read_bytes()
        assert committed == data, f"{name}: run python -m tests.api.vectors"
    extra = {p.name for p in vectors.FOLDER.iterdir()} - set(made)
    assert extra == {"README.md", "messages.json"}


def test_frames_read_as_the_manifest_says() -> None:
    manifest = json.loads((vectors.FOLDER / "frames.json").read_text())
    assert len(manifest["frames"]) == 4
    for entry in manifest["frames"]:
        data = (vectors.FOLDER / entry["file"]).read_bytes()
        event_ms, columns = frame.decode(data)
        assert event_ms == entry["event_ms"]
        assert list(columns) == list(entry["columns"])
        for name, values in entry["columns"].items():
            expected = np.array([np.nan if v is None else v for v in values])
            np.testing.assert_array_equal(columns[name].astype(np.float64), expected)


@pytest.mark.parametrize("name", list(vectors.refused()))
def test_bad_frames_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"frame|bytes"):
        frame.decode((vectors.FOLDER / f"refused-{name}.bin").read_bytes())
