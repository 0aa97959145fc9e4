"""Names of what may become of a line, shared by the compiled code and the account.

A reason is a short word that a person reads in the quarantine; the number is only ours.
"""

from __future__ import annotations

# What the compiled code says of a line. 0: used.
USED = 0
NOT_A_SENTENCE, TOO_LONG, BAD_TAG_BLOCK, MALFORMED, NO_CHECKSUM, BAD_CHECKSUM = 1, 2, 3, 4, 5, 6
BAD_PAYLOAD_CHAR, SHORT_PAYLOAD, UNKNOWN_TYPE, INCOMPLETE = 7, 8, 9, 10
REASONS = (
    "",
    "not_a_sentence",  # no `!` or `$` where a sentence may begin
    "too_long",  # line over MAX_LINE bytes or payload over MAX_CHARS characters
    "bad_tag_block",  # no end, no or wrong checksum, or a field that is not `letter:value`
    "malformed",  # VDM/VDO whose fields are not those of IEC 61162-1
    "no_checksum",
    "bad_checksum",
    "bad_payload_char",
    "short_payload",  # fewer bits than the fields of its type need
    "unknown_type",  # message 0 or 28..63, or a part of message 24 that is neither A nor B
    "incomplete",  # part of a message whose other parts did not come in time
)

# Lines that are well formed and say nothing of AIS. Numbers go on from 32.
IGNORED = 32
BLANK, COMMENT, OTHER_NMEA, LONE_TAG_BLOCK = 32, 33, 34, 35
IGNORED_KINDS = ("blank", "comment", "other_nmea", "lone_tag_block")

# What is no fate.
WAITING = 64  # a part that waits for others: its fate is not known yet
HAS_PAYLOAD = 65  # a sound sentence: what it carries decides

MAX_LINE = 1024  # bytes, without the line end; IEC 61162-1 allows 82 and as much for a tag block
MAX_RAW = 512  # bytes of a rejected line that the quarantine keeps
MAX_PARTS = 9  # sentences a message, IEC 61162-1
