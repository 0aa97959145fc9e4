"""What stands in a line: formatters, checksums, tag blocks, times, stations, and their damage."""

from __future__ import annotations

import pytest

from littoral.schema.ais import (
    ATON,
    BASE,
    CLASS_A,
    CLASS_B,
    DISTRESS_DEVICE,
    FLAG_BAD_MMSI,
    FLAG_NO_TIME,
    SAR_AIRCRAFT,
)
from littoral.sense.ais import StationList
from tests.sense.ais.helpers import checked, decode, message, only, sentences, tag

# A real message 1 of gpsd's sample; its checksum is in the file.
BODY = "AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0"
LINE = "!" + checked(BODY)
PAYLOAD = BODY.split(",")[5]
NEW_YEAR_US = 1_767_225_600_000_000  # 2026-01-01T00:00:00Z, `date -u -d 2026-01-01 +%s`


def test_the_checksum_writer_agrees_with_the_sample():
    assert LINE.endswith("*4A")


@pytest.mark.parametrize("talker", ["AI", "AB", "AD", "AN", "AR", "AS", "AT", "AX", "BS", "SA"])
@pytest.mark.parametrize("formatter", ["VDM", "VDO"])
def test_talkers_and_own_ship(talker, formatter):
    row = only("!" + checked(BODY.replace("AIVDM", talker + formatter)))
    assert row["mmsi"] == 371798000


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (LINE[:-1] + "B", "bad_checksum"),
        (LINE[:-3], "no_checksum"),
        (LINE[:-1], "no_checksum"),
        (LINE[:30], "no_checksum"),
        ("AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A", "not_a_sentence"),
        ("2026-01-01 some log message", "not_a_sentence"),
        ('{"class":"AIS"}', "not_a_sentence"),
        (LINE + LINE, "bad_checksum"),
        (LINE + "00", "malformed"),
        (LINE + "," + LINE, "bad_checksum"),
        (LINE + ",xx,!AIVDM,", "malformed"),
        ("!" + checked("AIVDM,1,2,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0"), "malformed"),
        ("!" + checked("AIVDM,0,0,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0"), "malformed"),
        ("!" + checked("AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,6"), "malformed"),
        ("!" + checked("AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ"), "malformed"),
        ("!" + checked("AIVDM,1,1,x,A,15RTgt0PAso;90TKcjM8h6g208CQ,0"), "malformed"),
        ("!" + checked("AIVDM,1,1,,AB,15RTgt0PAso;90TKcjM8h6g208CQ,0"), "malformed"),
        ("!" + checked("AIVDM,1,1"), "malformed"),
        ("!" + checked("AIVDM,1,1,,A,,0"), "short_payload"),
        ("!" + checked("AIVDM,1,1,,A,15RTgt0PAso;90TK,0"), "short_payload"),
        ("!" + checked("AIVDM,1,1,,A,1,0"), "short_payload"),
        ("!" + checked("AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208C,Q,0"), "bad_payload_char"),
        ("!" + checked("AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208Cx,0"), "bad_payload_char"),
        ("!" + checked("AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CX,0"), "bad_payload_char"),
        ("!" + checked("AIVDM,1,1,,A,05RTgt0PAso;90TKcjM8h6g208CQ,0"), "unknown_type"),
        ("!" + checked("AIVDM,1,1,,A,L5RTgt0PAso;90TKcjM8h6g208CQ,0"), "unknown_type"),
        ("!" + checked("AIVDM,1,1,,A," + "0" * 401 + ",0"), "too_long"),
        (sentences(message(168, {0: (6, 24), 38: (2, 2)}))[0], "unknown_type"),
        ("\\s:x*00\\" + LINE, "bad_tag_block"),
        ("\\s:x,c:1*5B" + LINE, "bad_tag_block"),
        (tag("s:x,c:12").replace("\\", "", 1) + LINE, "not_a_sentence"),
        (tag("c:123") + LINE, "bad_tag_block"),
        (tag("c:abc") + LINE, "bad_tag_block"),
        (tag("nonsense") + LINE, "bad_tag_block"),
        (tag("s:here") + "rubbish", "not_a_sentence"),
        ("x" * 1025, "too_long"),
        (LINE + " " * 1024, "too_long"),
    ],
)
def test_damage_has_a_reason(line, reason):
    result = decode("# first\n" + line + "\n" + LINE + "\n")
    if reason == "not_a_sentence" and line.startswith("s:x"):
        reason = "bad_tag_block"  # the closing backslash looks like an opening one
    assert result.counts.rejected == {reason: 1}
    assert result.rejects.line.tolist() == [2]
    assert result.rejects.raw == [line.encode()[:512]]
    assert result.counts.used == 1
    assert len(result.observations.positions) == 1


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("", "blank"),
        ("   \r", "blank"),
        ("# a comment", "comment"),
        ("  # a comment", "comment"),
        ("$GPGGA,213950.00,5250.53669,N,00542.34920,E,1,09,1.03,-6.0,M,45.8,M,,*7B", "other_nmea"),
        ("$PFEC,pidat,1", "other_nmea"),
        ("!" + checked("AIABM,1,1,0,,,A,0"), "other_nmea"),
        ("1767225600 $GPGLL,5250.53669,N,00542.34920,E,213950.00,A,A*67", "other_nmea"),
        (tag("s:here,c:1767225600"), "lone_tag_block"),
    ],
)
def test_what_is_ignored(line, kind):
    counts = decode(line + "\n").counts
    assert counts.ignored == {kind: 1}
    assert (counts.lines, counts.used, counts.messages) == (1, 0, 0)


def test_a_damaged_sentence_of_another_kind_is_rejected():
    line = "$GPGGA,213950.00,5250.53669,N,00542.34920,E,1,09,1.03,-6.0,M,45.8,M,,*7C"
    assert decode(line).counts.rejected == {"bad_checksum": 1}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\r\n", " \t\n", ""])
def test_line_ends(end):
    assert only(LINE + end)["mmsi"] == 371798000


@pytest.mark.parametrize(
    ("line", "t_us"),
    [
        (tag("c:1767225600") + LINE, NEW_YEAR_US),
        (tag("c:1767225600123") + LINE, NEW_YEAR_US + 123_000),
        (tag("c:1767225600.25") + LINE, NEW_YEAR_US + 250_000),
        (tag("g:1-1-7,n:12,s:r1,c:1767225600,d:a,t:b c") + LINE, NEW_YEAR_US),
        (tag("s:r1") + tag("c:1767225600") + LINE, NEW_YEAR_US),
        ("1767225600 " + LINE, NEW_YEAR_US),
        ("1767225600.5," + LINE, NEW_YEAR_US + 500_000),
        ("1767225600123: " + LINE, NEW_YEAR_US + 123_000),
        ("1767225600123456\t" + LINE, NEW_YEAR_US + 123_456),
        ("1767225600123456789 " + LINE, NEW_YEAR_US + 123_456),
        ("2026-01-01T00:00:00Z " + LINE, NEW_YEAR_US),
        ("2026-01-01 00:00:00.123," + LINE, NEW_YEAR_US + 123_000),
        ("2026-01-01 00:00:00,123 " + LINE, NEW_YEAR_US + 123_000),
        ("2026/01/01 00:00:00;" + LINE, NEW_YEAR_US),
        ("2026-01-01T08:00:00+08:00 " + LINE, NEW_YEAR_US),
        ("2025-12-31T19:00:00.5-0500 " + LINE, NEW_YEAR_US + 500_000),
        ("2026-01-01 00:00:00 UTC " + LINE, NEW_YEAR_US),
        ("[2026-01-01 00:00:00] " + LINE, NEW_YEAR_US),
        ('"2026-01-01 00:00:00","' + LINE + '"', NEW_YEAR_US),
        ("20260101T000000Z " + LINE, NEW_YEAR_US),
        ("20260101 000000 " + LINE, NEW_YEAR_US),
        ("2024-02-29T12:00:00Z " + LINE, 1_709_208_000_000_000),
        (LINE + ",1767225600", NEW_YEAR_US),
        (LINE + ",rNNSD12,1767225600", NEW_YEAR_US),
        (LINE + ",s22266,d-085,T55.98765,x123,r08XSTP1,1767225600.5", NEW_YEAR_US + 500_000),
        (LINE + " 2026-01-01T00:00:00Z", NEW_YEAR_US),
        # Tag block before prefix before suffix.
        ("1600000000 " + tag("c:1767225600") + LINE + ",1500000000", NEW_YEAR_US),
        ("1767225600 " + LINE + ",1500000000", NEW_YEAR_US),
    ],
)
def test_where_the_time_is_found(line, t_us):
    row = only(line, received_us=5)
    assert row["t_us"] == t_us
    assert row["flags"] & FLAG_NO_TIME == 0


@pytest.mark.parametrize(
    "prefix",
    ["Jan  1 00:00:00 host ais: ", "12345 ", "2026-13-01T00:00:00Z ", "2026-01-01 ", "\ufeff"],
)
def test_what_is_no_time(prefix):
    """The sentence is used; something else stands in for its time."""
    row = only(prefix + LINE, base_us=NEW_YEAR_US)
    assert row["t_us"] == NEW_YEAR_US + 1  # base and a microsecond a line
    assert row["flags"] & FLAG_NO_TIME


def test_what_stands_in_for_a_time():
    """Receive time, else the source's last time, else its base; message 4's time is not used."""
    timed, plain = tag("c:1767225600") + LINE + "\n", LINE + "\n"
    base = sentences(message(168, {0: (6, 4), 8: (30, 4_120_001), 38: (14, 2030)}))[0] + "\n"
    rows = decode(plain + timed + plain + base, base_us=7).observations.positions
    assert rows.t_us.tolist() == [8, NEW_YEAR_US, NEW_YEAR_US, NEW_YEAR_US]
    assert (rows.flags & FLAG_NO_TIME != 0).tolist() == [True, False, True, True]
    assert rows.received_us.tolist() == [0] * 4
    rows = decode(plain + timed + plain, received_us=NEW_YEAR_US + 9).observations.positions
    assert rows.t_us.tolist() == [NEW_YEAR_US + 9, NEW_YEAR_US, NEW_YEAR_US + 9]
    assert (rows.flags & FLAG_NO_TIME != 0).tolist() == [True, False, True]
    assert rows.received_us.tolist() == [NEW_YEAR_US + 9] * 3


@pytest.mark.parametrize(
    ("line", "station"),
    [
        (LINE, "here"),
        (tag("s:") + LINE, "here"),
        (tag("s:r003669945,c:1767225600") + LINE, "r003669945"),
        (tag("s:0123456789abcdef0123456789abcdefOVER") + LINE, "0123456789abcdef0123456789abcdef"),
        (LINE + ",rnhjel,1767225600", "rnhjel"),
        (LINE + ",b003669710,1767225600", "b003669710"),
        (tag("s:first") + LINE + ",rsecond,1767225600", "first"),
    ],
)
def test_station(line, station):
    stations = StationList(["other"])
    row = only(line, stations=stations)
    assert stations.names[row["station"]] == station


def test_many_stations():
    """More names than the first table holds, and names that differ in one byte."""
    names = [f"station{i:04}" for i in range(300)] * 2
    stations = StationList()
    rows = decode(
        "\n".join(tag(f"s:{n}") + LINE for n in names), stations=stations
    ).observations.positions
    assert [stations.names[s] for s in rows.station] == names
    assert len(stations) == 301


def test_observation_id_is_source_and_line():
    rows = decode(f"#\n{LINE}\n\n{LINE}\n", source=5).observations.positions
    assert rows.obs_id.tolist() == [5 << 40 | 2, 5 << 40 | 4]


@pytest.mark.parametrize(
    ("mmsi", "good"),
    # Recommendation ITU-R M.585-9, annexes 1 and 2.
    [(412_000_001, True), (201_000_000, True), (775_999_999, True), (200_999_999, False),
     (776_000_000, False), (4_120_001, True), (9_990_000, False), (41_200_001, True),
     (0, False), (1, False), (111_412_001, True), (111_100_001, False), (841_200_001, True),
     (899_900_001, False), (984_120_001, True), (994_121_001, True), (990_000_001, False),
     (970_011_234, True), (972_011_234, True), (974_011_234, True), (979_011_234, True),
     (971_011_234, False), (123_456_789, False), (999_999_999, False), (1_073_741_823, False)],
)  # fmt: skip
def test_form_of_mmsi(mmsi, good):
    row = only(sentences(message(168, {0: (6, 1), 8: (30, mmsi)}))[0])
    assert (row["flags"] & FLAG_BAD_MMSI == 0) == good
    assert row["mmsi"] == mmsi


@pytest.mark.parametrize(
    ("kind", "mmsi", "expected"),
    [(1, 412_000_001, CLASS_A), (27, 412_000_001, CLASS_A), (18, 412_000_001, CLASS_B),
     (4, 4_120_001, BASE), (11, 412_000_001, BASE), (9, 111_412_001, SAR_AIRCRAFT),
     (1, 970_011_234, DISTRESS_DEVICE), (1, 972_011_234, DISTRESS_DEVICE),
     (18, 974_011_234, DISTRESS_DEVICE), (21, 994_121_001, ATON)],
)  # fmt: skip
def test_class_of_station(kind, mmsi, expected):
    text = "\n".join(sentences(message(272, {0: (6, kind), 8: (30, mmsi)})))
    assert only(text)["kind"] == expected


def test_messages_without_rows_are_used():
    """6, 7, 8, 10, 13, 15-17, 20, 22, 23, 25, 26 are counted; their payloads are for `messages`."""
    kinds = [6, 7, 8, 10, 13, 15, 16, 17, 20, 22, 23, 25, 26]
    result = decode("\n".join(sentences(message(168, {0: (6, k)}))[0] for k in kinds))
    assert result.counts.by_type == dict.fromkeys(kinds, 1)
    assert (result.counts.used, result.counts.messages) == (13, 13)
    assert len(result.observations) == 0
