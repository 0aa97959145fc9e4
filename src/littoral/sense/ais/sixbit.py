"""Payload characters to bits and bits to fields.

IEC 61162-1 (VDM, six-bit armour): `0`..`W` are 0..39, `` ` ``..`w` are 40..63. ITU-R M.1371-5
Annex 8 Table 47: six-bit ASCII, `@` is 0. All eight characters of a word are handled at once;
a payload becomes a big-endian bit string in a byte array, so that bit 0 is the top bit of byte 0.
"""

from __future__ import annotations

from numba import njit

from littoral.sense.ais.wide import I64, Pointer, U, load64, store64, swap64

MAX_CHARS = 400  # a message of five slots has 1192 bits, 199 characters; more is no AIS message
BIT_BYTES = MAX_CHARS * 6 // 8 + 16  # eight bytes may be read or written past the last bit

_TOP = U(0x8080808080808080)
_ZERO = U(0x3030303030303030)  # '0' eight times
_BIT6 = U(0x4040404040404040)
_BIT5 = U(0x2020202020202020)
_HIGH5 = U(0x7878787878787878)
_GAP = U(0x5858585858585858)  # 0x58..0x5F is the gap between 'W' and '`'
_ONES = U(0x0101010101010101)
_EVEN6 = U(0x3F003F003F003F00)
_ODD6 = U(0x003F003F003F003F)
_EVEN12 = U(0x0FFF00000FFF0000)
_ODD12 = U(0x00000FFF00000FFF)
_EVEN24 = U(0x00FFFFFF00000000)
_ODD24 = U(0x0000000000FFFFFF)


@njit(cache=True, nogil=True)
def unarmour(text: Pointer, start: int, chars: int, bits: Pointer) -> bool:
    """Payload text[start : start + chars] into `bits` (BIT_BYTES long); False on a bad character.

    Zero bits follow the last one. Reads up to 7 bytes past the payload.
    """
    bad = U(0)
    for k in range(0, chars, 8):
        x = load64(text, start + k)
        left = chars - k
        if left < 8:
            keep = (U(1) << U(8 * left)) - U(1)
            x = (x & keep) | (_ZERO & ~keep)
        # Below '0': subtracting from a byte with its top bit set borrows that bit away.
        low = ((x & ~_TOP) | _TOP) - _ZERO
        shift = (x & (x << U(1)) & _BIT6) >> U(3)  # 8 where bits 5 and 6 are set: '`' and above
        value = (low & ~_TOP) - shift
        gap = (x & _HIGH5) ^ _GAP  # a zero byte where the character lies in the gap
        gap = (gap - _ONES) & ~gap & _TOP
        bad |= (x & _TOP) | (~low & _TOP) | (value & _BIT6) | gap
        z = swap64(value)
        z = ((z & _EVEN6) >> U(2)) | (z & _ODD6)
        z = ((z & _EVEN12) >> U(4)) | (z & _ODD12)
        z = ((z & _EVEN24) >> U(8)) | (z & _ODD24)
        store64(bits, 6 * (k >> 3), swap64(z << U(16)))
    store64(bits, 6 * ((chars + 7) >> 3), U(0))
    return bad == U(0)


@njit(cache=True, nogil=True)
def unsigned(bits: Pointer, start: int, width: int) -> int:
    """Field of `width` bits (1..57) that begins at bit `start`."""
    word = swap64(load64(bits, start >> 3)) << U(start & 7)
    return I64(word >> U(64 - width))


@njit(cache=True, nogil=True)
def signed(bits: Pointer, start: int, width: int) -> int:
    """As `unsigned`, two's complement."""
    word = swap64(load64(bits, start >> 3)) << U(start & 7)
    return I64(word) >> I64(64 - width)


@njit(cache=True, nogil=True)
def six_bit_text(bits: Pointer, start: int, chars: int, out: Pointer) -> None:
    """`chars` six-bit characters from bit `start` as ASCII into out[0:]; writes whole eights."""
    for k in range(0, chars, 8):
        z = U(unsigned(bits, start + 6 * k, 48))
        z = ((z & (_ODD24 << U(24))) << U(8)) | (z & _ODD24)
        z = ((z & (_ODD12 << U(12))) << U(4)) | (z & _ODD12)
        z = ((z & (_ODD6 << U(6))) << U(2)) | (z & _ODD6)
        z = z + ((~z & _BIT5) << U(1))  # 0..31 are '@'..'_', 32..63 are ' '..'?'
        store64(out, k, swap64(z))
