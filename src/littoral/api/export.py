"""`python -m littoral.api.export contracts/openapi.json`: the OpenAPI document as a file."""

from __future__ import annotations

import argparse
from pathlib import Path

import orjson

from littoral.api.app import build_app


def openapi_bytes() -> bytes:
    """Indented, ends with a newline: as committed in contracts/openapi.json."""
    return orjson.dumps(build_app().openapi(), option=orjson.OPT_INDENT_2) + b"\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    path = parser.parse_args().file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(openapi_bytes())


if __name__ == "__main__":
    main()
