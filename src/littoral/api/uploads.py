"""Whether evidence that is handed in is looked at by a virus scanner, in words for every page."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from littoral.api.gate import Gate
from littoral.api.signin.models import NameModel
from littoral.link.clamd import Scans

OFF = {
    "zh": "提交的证据文件未经病毒扫描：本部署未配置扫描程序。",
    "en": "Evidence that is handed in is not scanned for viruses: no scanner is named here.",
}
OK = {
    "zh": "提交的证据文件均经病毒扫描后方予收存。",
    "en": "Evidence that is handed in is scanned for viruses before it is kept.",
}
OUT_OF_REACH = {
    "zh": "病毒扫描程序无法连接：恢复前不收存任何证据文件。",
    "en": "The virus scanner cannot be reached: no evidence is taken in until it answers.",
}


class UploadsModel(BaseModel):
    state: Literal["not_scanned", "scanned", "scanner_out_of_reach"]
    says: NameModel
    clean: int = Field(description="files since the start of the server")
    found: int = Field(description="files in which something was found; none was kept")
    failed: int = Field(description="files that could not be scanned; none was kept")


def uploads_json(gate: Gate | None) -> dict[str, Any]:
    """As `UploadsModel`. Without sign-in no evidence is taken in, and none is scanned."""
    scanner = None if gate is None else gate.scanner
    scans = Scans() if scanner is None else scanner.scans
    if scanner is None:
        state, says = "not_scanned", OFF
    elif scans.state == "ok":
        state, says = "scanned", OK
    else:
        state, says = "scanner_out_of_reach", OUT_OF_REACH
    return {
        "state": state,
        "says": says,
        "clean": scans.clean,
        "found": scans.found,
        "failed": scans.failed,
    }
