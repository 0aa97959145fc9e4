"""Types by content. The first bytes are those of the formats' specifications (named in media.py);
WAV and ZIP-based files are made by Python's own modules."""

from __future__ import annotations

import io
import wave
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.store.evidence.media import DOCX, HEAD_BYTES, TYPES, XLSX, Inspector, MediaRefused

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + bytes(range(256)) * 40
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(5000)
MP4 = bytes.fromhex("00000018667479706d703432000000006d70343269736f6d") + bytes(5000)


def wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\x01\x02" * 4000)
    return out.getvalue()


def zipped(*names: str, stored: bytes = b"<x/>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, stored)
    return out.getvalue()


def odt() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>")
    return out.getvalue()


GOOD = {
    "image/jpeg": JPEG,
    "image/png": PNG,
    "image/gif": b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
    "image/webp": b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(40),
    "image/tiff": b"II*\x00\x08\x00\x00\x00",
    "image/heic": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
    "image/avif": b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avifmif1",
    "video/mp4": MP4,
    "video/quicktime": b"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  ",
    "video/3gpp": b"\x00\x00\x00\x14ftyp3gp4\x00\x00\x02\x003gp4",
    "video/webm": b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\x82\x84webm",
    "video/x-matroska": b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\x82\x88matroska",
    "video/x-msvideo": b"RIFF\x24\x00\x00\x00AVI LIST" + bytes(40),
    "audio/mp4": b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A isom",
    "audio/wav": wav(),
    "audio/webm": b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\x82\x84webm"
    + bytes(90)
    + b"\x83\x81\x02\x86\x86A_OPUS"
    + bytes(50),
    "audio/ogg": b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead" + bytes(30),
    "audio/mpeg": b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes(40),
    "application/pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
    DOCX: zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml"),
    XLSX: zipped("docProps/app.xml", "xl/workbook.xml", "[Content_Types].xml"),
    "application/vnd.oasis.opendocument.text": odt(),
    "application/vnd.oasis.opendocument.spreadsheet": odt().replace(
        b"opendocument.text", b"opendocument.spreadsheet"
    ),
    "text/plain": "渔船 2 艘，见附图\n".encode("gb18030"),
}


def inspect(data: bytes, name: str = "", declared: str = "", size: int = 1000) -> str:
    seen = Inspector(name, declared)
    out = b"".join(seen.feed(data[i : i + size]) for i in range(0, len(data), size))
    assert out + seen.finish() == data
    return seen.type


def test_each_type_is_known_by_its_content() -> None:
    assert GOOD.keys() == TYPES.keys()
    assert {t: inspect(d) for t, d in GOOD.items()} == {t: t for t in GOOD}


@settings(deadline=None)
@given(size=st.integers(1, 9000), which=st.sampled_from(sorted(GOOD)))
def test_the_cut_does_not_matter(size: int, which: str) -> None:
    assert inspect(GOOD[which], size=size) == which


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00\x03", "dangerous"),
        (b"\x7fELF\x02\x01\x01", "dangerous"),
        (b"\xca\xfe\xba\xbe\x00\x00\x00\x34", "dangerous"),
        (b"#!/bin/sh\nrm -rf /\n", "dangerous"),
        (b"<html><body>x</body></html>", "dangerous"),
        (b"\xef\xbb\xbf  <!DOCTYPE html>", "dangerous"),
        (b'<?xml version="1.0"?><svg xmlns="x"/>', "dangerous"),
        (b"hello <ScRiPt>alert(1)</script>", "dangerous"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "dangerous"),
        (b"Rar!\x1a\x07\x00", "dangerous"),
        (b"\x1f\x8b\x08\x00", "dangerous"),
        (b"{\\rtf1 x}", "dangerous"),
        (zipped("a.txt"), "dangerous"),
        (zipped("META-INF/MANIFEST.MF", "A.class"), "dangerous"),
        (zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "dangerous"),
        (bytes(range(1, 32)) * 20, "unknown"),
        (b"text at first\n" * 400 + b"\x00\x01", "unknown"),
    ],
)
def test_what_is_refused(data: bytes, code: str) -> None:
    for size in (1, 7, 100_000):
        with pytest.raises(MediaRefused) as caught:
            inspect(data, size=size)
        assert caught.value.code == code


def test_name_and_declared_type_must_agree_with_the_content() -> None:
    assert inspect(JPEG, "现场.JPG", "image/jpg") == "image/jpeg"
    assert inspect(JPEG, "scan", "application/octet-stream") == "image/jpeg"
    for name, declared in (("a.png", ""), ("a.jpg", "image/png"), ("a.jpg.exe", "image/jpeg")):
        with pytest.raises(MediaRefused) as caught:
            inspect(JPEG, name, declared)
        assert caught.value.code == "mismatch"


def test_too_large_is_noticed_while_it_streams() -> None:
    seen = Inspector("a.txt", "text/plain")
    seen.feed(b"a" * HEAD_BYTES)
    piece = b"a" * (TYPES["text/plain"].most_bytes - HEAD_BYTES)
    seen.feed(piece)
    with pytest.raises(MediaRefused) as caught:
        seen.feed(b"a")
    assert caught.value.code == "too_large"


def refused_for_a_number(data: bytes, size: int) -> bool:
    seen = Inspector("a.txt", "text/plain", shows_persons=False)
    said = ""
    try:
        for i in range(0, len(data), size):
            seen.feed(data[i : i + size])
        seen.finish()
    except MediaRefused as refused:
        said = refused.code
    assert said in ("", "persons")
    return said == "persons"


LINE = "船员 王伟 "


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("13800138000", True),
        ("+8613800138000。", True),
        ("11010519491231002X", True),  # GB 11643-1999, annex: an example
        ("MMSI 413000000, 18.25387654321 N", False),
        ("138 0013 8000", False),  # as figures in a table
        ("1790000000000", False),  # milliseconds since 1970
        ("!AIVDM,1,1,,A,15MgK45P3@G?fl0E`JbR0OwT0@MS,0*4E", False),
    ],
)
def test_a_text_with_the_number_of_a_person_is_none_for_all(text: str, refused: bool) -> None:
    data = (LINE * 700 + text).encode()
    assert refused_for_a_number(data, 1000) == refused
    assert refused_for_a_number(text.encode(), 1) == refused
    seen = Inspector("a.txt", "text/plain")
    seen.feed(data)
    seen.finish()  # handed in as showing persons it is taken


@settings(deadline=None)
@given(
    text=st.text(st.sampled_from("0138.+ xX"), min_size=1, max_size=60),
    before=st.integers(HEAD_BYTES - 40, HEAD_BYTES + 40),
    size=st.integers(1, 70),
)
def test_the_cut_does_not_matter_for_numbers(text: str, before: int, size: int) -> None:
    data = b"a" * before + text.encode()
    assert refused_for_a_number(data, size) == refused_for_a_number(data, len(data))
