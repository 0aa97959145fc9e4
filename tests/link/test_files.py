"""Recordings: what other compressors wrote is read back; what is cut short gives what it has."""

from __future__ import annotations

import bz2
import gzip
import subprocess
import sys
import zlib

import pytest
import zstandard

from littoral.link.files import InputError, Stream, kind_of, sniff

LINE = b"!AIVDM,1,1,,A,13aDq@001P0Gw1bO4R1h0wwv2<00,0*4A\r\n"
TEXT = b"".join(LINE.replace(b"13aD", b"13%02d" % (i % 100)) for i in range(5000))


def all_of(path) -> bytes:
    return b"".join(chunk for chunk, _ in Stream(str(path)))


@pytest.mark.parametrize(
    "packed",
    [
        TEXT,
        gzip.compress(TEXT),
        gzip.compress(TEXT[:1000]) + gzip.compress(TEXT[1000:]),
        gzip.compress(TEXT) + b"\0" * 512,
        zstandard.compress(TEXT),
        zstandard.compress(TEXT[:1000]) + zstandard.compress(TEXT[1000:]),
    ],
    ids=["plain", "gzip", "gzip-members", "gzip-padded", "zstd", "zstd-frames"],
)
def test_reads_back(tmp_path, packed):
    path = tmp_path / "log"
    path.write_bytes(packed)
    assert all_of(path) == TEXT
    assert sniff(str(path)) == "nmea"


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_cut_short_gives_what_it_has_and_says_so(tmp_path, compress):
    path = tmp_path / "log"
    text = TEXT * 20
    packed = compress(text)
    path.write_bytes(packed[: len(packed) * 9 // 10])
    stream = iter(Stream(str(path)))
    got = b""

    def read_all() -> None:
        nonlocal got
        for chunk, share in stream:
            got += chunk
            assert 0 < share <= 1

    with pytest.raises(InputError, match="cut short"):
        read_all()
    assert text.startswith(got)
    assert len(got) > len(text) // 2


def zeros(total: int):
    for _ in range(total >> 20):
        yield bytes(1 << 20)


@pytest.mark.parametrize("form", ["gzip", "zstd"])
def test_what_unpacks_to_ten_thousand_times_its_size_comes_in_pieces(tmp_path, form):
    """256 MiB of one byte: 16 KiB or less as zstd (4 bytes a block of 128 KiB), 260 KiB as gzip."""
    total, path = 256 << 20, tmp_path / "bomb"
    packer = (
        zlib.compressobj(9, wbits=31)
        if form == "gzip"
        else zstandard.ZstdCompressor().compressobj()
    )
    with open(path, "wb") as file:
        for part in zeros(total):
            file.write(packer.compress(part))
        file.write(packer.flush())
    assert path.stat().st_size < total // 900
    sizes = [len(chunk) for chunk, _ in Stream(str(path))]
    assert sum(sizes) == total
    assert max(sizes) <= 69 << 20  # one piece, and up to a chunk of 4 MiB that was waiting


def test_damage_is_named(tmp_path):
    path = tmp_path / "log.gz"
    packed = bytearray(gzip.compress(TEXT))
    packed[len(packed) // 2] ^= 0xFF
    path.write_bytes(packed)
    with pytest.raises(InputError, match="gzip data damaged"):
        all_of(path)


def test_standard_input_is_read_to_its_end():
    code = (
        "import sys; from littoral.link.files import Stream;"
        "sys.stdout.buffer.write(b''.join(c for c, _ in Stream('-')))"
    )
    done = subprocess.run([sys.executable, "-c", code], input=TEXT, capture_output=True, check=True)
    assert done.stdout == TEXT


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (LINE, "nmea"),
        (b"# a comment\n\n$GPGGA,1*00\n", "nmea"),
        (b"1436.5 " + LINE, "nmea"),
        (b"MMSI,LAT,LON\n1,2,3\n", "csv"),
        (b"mmsi;lat;lon\n1;2;3\n", "csv"),
        ("# 时间,船名,纬度,经度\n".encode(), "csv"),
    ],
)
def test_kind_by_content(head, kind):
    assert kind_of(head) == kind


@pytest.mark.parametrize("head", [b"", b" \n", bytes(range(256)), bz2.compress(TEXT), b"hello\n"])
def test_what_is_no_format_is_said(head):
    with pytest.raises(InputError, match=r"empty|no format"):
        kind_of(head)


def test_a_folder_is_named(tmp_path):
    with pytest.raises(InputError, match="folder"):
        sniff(str(tmp_path))
