"""The types of questions that are taken, by every name pyxform knows them by; all others are not.

Names: pyxform 4.5, `question_type_dictionary.py` and `aliases.py`. Blanks and underscores are one.
"""

from __future__ import annotations

import re

from littoral.store.forms.workbook import Line

WITH_FILE = frozenset({"image", "audio", "video", "file"})
SELECTS = frozenset({"select_one", "select_multiple", "rank"})
MOST_CHOICES = 500  # of one question, whose labels are kept to show answers by
_NAMES = {
    "text": ("text", "string", "q string", "add text prompt", "phone number"),
    "integer": (
        "integer", "int", "q int", "add integer prompt", "percentage",
        "number of days in last month", "number of days in last six months",
        "number of days in last year",
    ),
    "decimal": ("decimal", "q decimal", "add decimal prompt"),
    "date": ("date", "q date", "add date prompt"),
    "time": ("time",),
    "datetime": (
        "datetime", "date time", "q datetime", "q date time", "add datetime prompt",
        "add date time prompt",
    ),
    "note": ("note", "q note", "add note prompt"),
    "acknowledge": ("acknowledge", "q acknowledge", "add acknowledge prompt", "trigger"),
    "geopoint": (
        "geopoint", "gps", "location", "q geopoint", "q location", "add location prompt",
    ),
    "geotrace": ("geotrace", "q geotrace"),
    "geoshape": ("geoshape", "q geoshape"),
    "image": (
        "image", "photo", "q image", "q picture", "add image prompt", "add photo prompt",
    ),
    "audio": ("audio", "q audio", "add audio prompt"),
    "video": ("video", "q video", "add video prompt"),
    "file": ("file", "add file prompt"),
    "range": ("range",),
    "calculate": ("calculate", "q calculate", "add calculate prompt"),
    "hidden": ("hidden",),
    "start": ("start", "start time", "get start time"),
    "end": ("end", "end time", "get end time"),
    "today": ("today", "get today"),
}  # fmt: skip
_KINDS = {name: kind for kind, names in _NAMES.items() for name in names}
# With a list after them; the longest first.
_LISTED = {
    "add select multiple prompt using": "select_multiple",
    "add select one prompt using": "select_one",
    "select all that apply from": "select_multiple", "select all that apply": "select_multiple",
    "select multiple from": "select_multiple", "select multiple using": "select_multiple",
    "select multiple": "select_multiple", "select one from": "select_one",
    "select one using": "select_one", "select one": "select_one", "select1": "select_one",
    "q select1": "select_one", "q select": "select_multiple", "rank": "rank",
}  # fmt: skip
_PARTS = re.compile(r"(begin|end) (group|repeat|loop|lgroup|looped group)(?: .*)?")
_BESIDE = "choices in a file beside the form"
_DEVICE, _SIM, _SUBSCRIBER = (
    "the number of the device", "the number of the SIM card", "the number of the subscriber",
)  # fmt: skip
# What is refused by name; else it is said that the type is not known.
_REFUSED = {
    "select one from file": _BESIDE, "select multiple from file": _BESIDE,
    "select one external": _BESIDE, "csv-external": "data in a file beside the form",
    "xml-external": "data in a file beside the form",
    "osm": "points out of OpenStreetMap (osm)",
    "barcode": "barcodes", "q barcode": "barcodes", "add barcode prompt": "barcodes",
    "background-audio": "recording in the background",
    "background-geopoint": "a place without asking (background-geopoint)",
    "start-geopoint": "a place without asking (start-geopoint)",
    "audit": "a log of every touch (audit)",
    "phonenumber": _DEVICE, "get phone number": _DEVICE, "uri:phonenumber": _DEVICE,
    "deviceid": _DEVICE, "device id": _DEVICE, "get device id": _DEVICE, "uri:deviceid": _DEVICE,
    "imei": _DEVICE, "simserial": _SIM, "sim id": _SIM, "get sim id": _SIM, "uri:simserial": _SIM,
    "subscriberid": _SUBSCRIBER, "subscriber id": _SUBSCRIBER, "get subscriber id": _SUBSCRIBER,
    "uri:subscriberid": _SUBSCRIBER,
    "email": "the e-mail address of the account", "uri:email": "the e-mail address of the account",
    "username": "the name of the account", "uri:username": "the name of the account",
}  # fmt: skip
_OTHER = re.compile(r"\s+or[_ ](?:specify[_ ])?other\s*$", re.I)


def kind_of(line: Line) -> str:
    """`select one from yes_no` -> `select_one`, `begin_group` -> `begin group`; empty for a type
    that is not taken."""
    said = _said(line)
    if part := _PARTS.fullmatch(said):
        kind = "group" if part[2] == "group" else "loop" if part[2] == "loop" else "repeat"
        return f"{part[1]} {kind}"
    if _refused(said):
        return ""
    for begin, kind in _LISTED.items():
        if said.startswith(f"{begin} "):
            return kind
    return _KINDS.get(said, "")


def why_not(line: Line) -> str:
    """Why the type of a row is not taken; empty where it is, or where there is none."""
    said = _said(line)
    if not said or kind_of(line):
        return ""
    return _refused(said) or f"the type {said[:60]!r}"


def list_of(line: Line) -> str:
    """The list of choices of a row that has one."""
    parts = _OTHER.sub("", line.of("type", "command")).split()
    return parts[-1] if len(parts) > 1 else ""


def _said(line: Line) -> str:
    return re.sub(r"[\s_]+", " ", line.of("type", "command")).strip().lower()


def _refused(said: str) -> str:
    for name, why in _REFUSED.items():
        if said == name or said.startswith(f"{name} "):
            return why
    return ""
