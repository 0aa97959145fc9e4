"""What is known of the line at hand: places in `meta`, a small int64 array."""

TIME, RANK, STATION, GROUP = 0, 1, 2, 3  # of the message: microseconds, RANK_*, index, tag group
START = 4  # where the sentence begins
NAME_AT, NAME_LEN = 5, 6  # the receiver's name in the line, length 0 when it has none
PAYLOAD, CHARS, FILL_BITS = 7, 8, 9  # where the payload begins, its characters, bits of padding
PARTS, PART, CHANNEL_IS = 10, 11, 12
MESSAGE_KEY = 13  # formatter, number of parts and sequential id: what parts of a message share
SEEN_AT = 14  # where `seen` keeps the tag block that named the receiver, NONE: nowhere
META_SIZE = 16

# How far a time is to be trusted: a higher rank wins.
RANK_NONE, RANK_SUFFIX, RANK_PREFIX, RANK_TAG = 0, 1, 2, 3

NONE = -1  # station or group not given
