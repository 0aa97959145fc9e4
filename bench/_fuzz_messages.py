"""Targets: sentences of receivers, recordings of them, and what comes with a request's address."""

from __future__ import annotations

import functools
import gzip
import operator
import re
from pathlib import Path

import orjson
import zstandard

from bench._fuzz_target import MOST_SEEDS, TESTS, Differs, Target, lines_of, pieces

SAMPLE = TESTS / "real" / "gpsd" / "sample.aivdm"
RECEIVER = TESTS / "real" / "gpsd" / "ais-nmea.log"
TAGGED = (
    b"\\g:1-2-7,s:r1,c:1717200000*00\\!AIVDM,2,1,3,A,55?MbV02;H;s<HtKR20EHE:0@T4@Dn2222222216L961O"
    b"5Gf0NSQEp6ClRp8,0*1C\n\\g:2-2-7*00\\!AIVDM,2,2,3,A,88888888880,2*25\n",
    b"2016-01-12T13:02:11Z !AIVDM,1,1,,B,13u?etPv2;0n:dDPwUM1U1Cb069D,0*24,rbeach,1717200001\r\n",
    b"\\1G2:55,c:1717200000000*00\\!BSVDO,1,1,,,403OviQuMGCqWrRO9>E6fE700<3b,0*00\n",
)
_SUM = re.compile(rb"\*[0-9A-Fa-f]{2}")


def with_sums(data: bytes) -> bytes:
    """The lines with checksums that are right: else next to nothing would reach what is inside."""
    return b"\n".join(_with_sum(line) for line in data.split(b"\n"))


def _with_sum(line: bytes) -> bytes:
    out, at = b"", 0
    for found in _SUM.finditer(line):
        start = max(line.rfind(c, at, found.start()) for c in (b"!", b"$", b"\\"))
        if start >= 0:
            total = functools.reduce(operator.xor, line[start + 1 : found.start()], 0)
            out += line[at : found.start()] + b"*%02X" % total
        else:
            out += line[at : found.end()]
        at = found.end()
    return out + line[at:]


def sentence_seeds() -> list[bytes]:
    lines = [*TAGGED, *lines_of(SAMPLE), *lines_of(RECEIVER)]
    return [b"\x01" + line for line in lines[:MOST_SEEDS]]


def sentences(_: Path) -> Target:
    """The decoder, whole and cut; and the second implementation, which must agree with it."""
    from littoral.cli.decode_only import json_lines
    from littoral.sense.ais import AisDecoder, StationList
    from littoral.sense.ais.messages import Reader

    def run(data: bytes) -> None:
        text = with_sums(data[1:]) if data[:1] and data[0] & 1 else data[1:]
        said = []
        for cut in ([text], pieces(text, 3)):
            decoder = AisDecoder(1, stations=StationList(), default_station="pier", max_pending=8)
            parts = [decoder.feed(piece) for piece in cut] + [decoder.close()]
            reasons = [r for p in parts for r in p.rejects.reason]
            rejects = zip((n for p in parts for n in p.rejects.line.tolist()), reasons, strict=True)
            said.append((sum(p.counts.messages for p in parts), sorted(rejects)))
        if said[0] != said[1]:
            raise Differs(f"whole {said[0]}, cut {said[1]}")
        reader = Reader()
        messages = [*reader.feed(text), *reader.close()]
        sum(len(line) for line in json_lines(messages, "pier"))
        if len(messages) != said[0][0] and text.count(b"\n") < 8:  # so few wait in both
            raise Differs(f"{said[0][0]} messages, the second reader finds {len(messages)}")

    return Target(run, (), sentence_seeds)


def recordings(work: Path) -> Target:
    """Files as `littoral run` opens them: logs, plain and packed, CSV, Parquet, told by content."""
    from bench._fuzz_tables import csv_seeds, parquet_seeds
    from littoral.engine.inputs import merge
    from littoral.sense.decoded import StationList

    path = work / "recording"

    def run(data: bytes) -> None:
        path.write_bytes(data)
        for _ in merge([str(path)], StationList()):
            pass

    def seeds() -> list[bytes]:
        plain = lines_of(SAMPLE, 2)[:10]
        packed = [gzip.compress(p) for p in plain] + [zstandard.compress(p) for p in plain]
        twice = [packed[0] + packed[1] + b"\0\0", packed[-1] + packed[-2]]
        bomb = [gzip.compress(bytes(4 << 20)), zstandard.compress(bytes(4 << 20))]
        return plain + packed + twice + bomb + csv_seeds()[:5] + parquet_seeds()[:5]

    return Target(run, (), seeds)


def parameters(_: Path) -> Target:
    """Times, boxes, cursors, ranges and names as they come in an address."""
    from littoral.api import tiles
    from littoral.api.gate import network_of, safe_id
    from littoral.api.params import decode_cursor, encode_cursor, parse_box, parse_instant_us
    from littoral.api.problems import ProblemError
    from littoral.api.security import host_name
    from littoral.api.wire import iso
    from littoral.store.lake_files import LakeError
    from littoral.store.lake_query import parse_track_id
    from littoral.store.quarantine import _parse_cursor

    folder = Path("/nowhere")

    def box(text: str) -> None:
        west, south, east, north = parse_box(text)
        assert max(abs(west), abs(east)) <= 180
        assert -90 <= south <= north <= 90

    def name(text: str) -> None:
        assert tiles._inside(folder, text) is None
        assert safe_id(text).isascii()

    readers = (
        lambda text: iso(parse_instant_us(text)),
        box,
        lambda text: decode_cursor(text, int, str),
        lambda text: decode_cursor(text, int),
        lambda text: tiles._answerable(text, 1000),
        name,
        parse_track_id,
        lambda text: _parse_cursor(text),
        host_name,
        network_of,
    )

    def run(data: bytes) -> None:
        if data:
            readers[data[0] % len(readers)](data[1:].decode("utf-8", "surrogateescape"))

    def seeds() -> list[bytes]:
        words = [
            "2026-11-24T07:40:03.123456Z", "2026-11-24T07:40:03+08:00", "108.5,17.8,111.5,20.5",
            encode_cursor(5, "a"), encode_cursor(7), "bytes=0-16383", "harbour", "3-4000",
            "412000001-20260101T000000.5Z", "[::1]:8765", "localhost:1", "10.0.0.1", "fd00::1",
        ]  # fmt: skip
        return [bytes([i]) + w.encode() for w in words for i in range(len(readers))]

    return Target(run, (ValueError, ProblemError, LakeError), seeds)


def frames(_: Path) -> Target:
    """The live stream's binary frame."""
    import numpy as np

    from littoral.api.live.frame import COLUMNS, decode, encode

    def run(data: bytes) -> None:
        event_time_ms, columns = decode(data)
        if encode(event_time_ms, columns)[:4] != data[:4]:
            raise Differs("another frame")

    def seeds() -> list[bytes]:
        return [encode(5.0, {c: np.zeros(n, t) for c, t in COLUMNS}) for n in (0, 1, 3)]

    return Target(run, (ValueError,), seeds)


def bodies(_: Path) -> Target:
    """Bodies of requests whose models check more than types: outages and fences."""
    from pydantic import ValidationError

    from littoral.api.geofences import FenceInput
    from littoral.api.outages import OutageInput
    from littoral.area.geofence_json import FenceError, fence_from_feature

    def run(data: bytes) -> None:
        if data[:1] == b"o":
            OutageInput.model_validate(orjson.loads(data[1:]))
        else:
            fence_from_feature(FenceInput.model_validate(orjson.loads(data[1:])).model_dump())

    def seeds() -> list[bytes]:
        outage = {
            "receiver": "pier", "start": "2026-11-24T07:40:03Z", "end": "2026-11-25T07:40:03Z",
            "reason": "mast",
        }  # fmt: skip
        return [b"o" + orjson.dumps(outage), *(b"f" + s for s in fence_seeds())]

    return Target(run, (ValidationError, ValueError, FenceError), seeds)


def fence_seeds() -> list[bytes]:
    import littoral.area

    packaged = Path(littoral.area.__file__).parent / "data" / "hainan" / "geofences.geojson"
    return [orjson.dumps(f) for f in orjson.loads(packaged.read_bytes())["features"]][:20]


def fences(_: Path) -> Target:
    """GeoJSON of fences from a file, and back."""
    from littoral.area.geofence_json import FenceError, fence_feature, fences_from_geojson

    def run(data: bytes) -> None:
        for fence in fences_from_geojson(data):
            again = fences_from_geojson(
                orjson.dumps({"type": "FeatureCollection", "features": [fence_feature(fence)]})
            )
            if again[0].id != fence.id:
                raise Differs("another fence")

    def seeds() -> list[bytes]:
        head, tail = b'{"type":"FeatureCollection","features":[', b"]}"
        return [head + s + tail for s in fence_seeds()]

    return Target(run, (FenceError,), seeds)
