"""docs/limits.md, the lines that a schema could cross. Every schema is walked, none is listed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from littoral.store.database import Database
from littoral.store.vault.fields import FIELDS

from .schemas import (
    ROOT,
    api,
    api_names,
    arrow_names,
    cedar_names,
    forbidden,
    modules,
    sql_names,
    words,
)


@pytest.mark.parametrize(
    "name",
    ["face_embedding", "gaitVector", "religion", "ethnicity", "riskScore", "person_rank",
     "weiboHandle", "political_view", "predictedOffence"],
)  # fmt: skip
def test_the_check_finds(name: str) -> None:
    crossing = name if name != "predictedOffence" else "predicted_offence"
    assert forbidden({crossing, "speed_mps"}) == [crossing]


def test_words_of_a_name() -> None:
    assert words("riskScore_of") == {"risk", "score", "of"}


def test_no_table_of_the_records(tmp_path: Path) -> None:
    """As the migrations make them."""
    url = f"sqlite:///{tmp_path / 'records.sqlite'}"
    Database(url).close()
    names = sql_names(url)
    assert {"alerts", "accounts", "sessions"} <= names
    assert len(names) > 100
    assert forbidden(names) == []


def test_no_column_of_arrow() -> None:
    assert len(modules()) > 150
    names = arrow_names()
    assert {"mmsi", "lon_deg", "t_us"} <= names
    assert len(names) > 60
    assert forbidden(names) == []


def test_no_attribute_of_the_policies() -> None:
    names = cedar_names()
    assert {"purpose", "data_class", "person.read"} <= names
    assert forbidden(names) == []


def test_no_field_of_the_api() -> None:
    names = api_names()
    assert {"mmsi", "purpose", "roles"} <= names
    assert len(names) > 200
    # How well the text of a search fits the name of a vessel or place; of nobody.
    schemas = api()["components"]["schemas"]
    ranked = {n: s for n, s in schemas.items() if "rank" in s.get("properties", {})}
    assert [*ranked] == ["HitModel"]
    assert ranked["HitModel"]["properties"]["rank"]["enum"] == ["exact", "prefix", "substring"]
    assert forbidden(names - {"rank"}) == []


def test_no_field_of_the_vault() -> None:
    assert {"name", "phone", "id_number"} <= set(FIELDS)
    assert forbidden(set(FIELDS)) == []


VISION = re.compile(
    r"^(face[-_]?recognition|dlib|insightface|deepface|mediapipe|opencv|torch|tensorflow|onnxruntime"
    r"|facenet|keras|@tensorflow|face-api|ultralytics)",
    re.M | re.I,
)
SOCIAL = re.compile(
    r"(?<![\w.])(?:api\.|open\.|www\.)?(weibo|weixin\.qq|wechat|douyin|xiaohongshu|kuaishou|bilibili"
    r"|facebook|twitter|x|instagram|tiktok|telegram|vk|linkedin)\.(com|cn|org|me)(?![\w.])",
    re.I,
)


def test_nothing_that_recognises_faces_is_installed() -> None:
    locked = (ROOT / "requirements.lock").read_text()
    pages = "\n".join(
        re.findall(r'"node_modules/([^"]+)"', (ROOT / "web/package-lock.json").read_text())
    )
    assert "numpy" in locked
    assert "maplibre-gl" in pages
    assert VISION.findall(locked) == VISION.findall(pages) == []
    assert VISION.search("opencv-python==4.10")


def test_no_address_of_social_media_is_in_the_source() -> None:
    """Who may open connections at all is held by `tests/tools/test_dangers.py`."""
    kinds = (".py", ".ts", ".tsx", ".toml", ".cedar", ".json", ".html")
    folders = (
        ROOT / "src",
        ROOT / "web" / "command",
        ROOT / "web" / "client",
        ROOT / "web" / "map",
    )
    paths = [
        p for f in folders for p in f.rglob("*")
        if p.suffix in kinds and "api/pages" not in str(p) and p.is_file()
    ]  # fmt: skip
    assert len(paths) > 300
    assert [str(p) for p in paths if SOCIAL.search(p.read_text(errors="replace"))] == []
    assert SOCIAL.search('get("https://api.weibo.com/2/users")')
