"""Eight and sixty-four bytes at a time: what Numba lacks to read text at the speed of memory.

Each function is a few instructions of LLVM's, independent of the processor: LLVM picks AVX-512,
AVX2, SSE2 or NEON. Callers see to it that the bytes read exist; a buffer that is scanned has at
least `PAD` readable bytes after the last line. Byte order is little-endian, as on every machine
that Numba supports with wheels.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

# What the type checker need not follow: the compiler does. A Pointer is an array of one dimension
# or what `pointer` makes of an array.
Pointer: TypeAlias = Any
U: Any = np.uint64
I64: Any = np.int64
_intrinsic: Any = intrinsic

PAD = 64  # bytes that may be read past the end of a line

_I8 = ir.IntType(8)
_I64 = ir.IntType(64)
_V64 = ir.VectorType(_I8, PAD)


def _address(context, builder, where_type, where, index):
    if isinstance(where_type, types.Array):
        where = context.make_array(where_type)(context, builder, where).data
    return builder.gep(where, [index])


def _is_bytes(where) -> bool:
    return isinstance(where, (types.Array, types.CPointer)) and where.dtype == types.uint8


@_intrinsic
def pointer(typingctx, array):
    """Where the elements of a C-ordered array are: indexed like it, in one dimension, but a plain
    number to the compiled code. An array argument has its reference count changed, atomically, in
    each function that it is handed to, which costs more than most of these functions do. The
    caller keeps the array alive and sees to it that indices are in range."""
    if not isinstance(array, types.Array) or array.layout != "C":
        return None
    signature = types.CPointer(array.dtype)(array)

    def codegen(context, builder, sig, args):
        return context.make_array(sig.args[0])(context, builder, args[0]).data

    return signature, codegen


@_intrinsic
def load64(typingctx, where, index):
    """Bytes `index .. index + 7` as uint64, the first one lowest."""
    if not _is_bytes(where):
        return None
    signature = types.uint64(where, types.int64)

    def codegen(context, builder, sig, args):
        at = _address(context, builder, sig.args[0], args[0], args[1])
        return builder.load(builder.bitcast(at, _I64.as_pointer()), align=1)

    return signature, codegen


@_intrinsic
def store64(typingctx, where, index, value):
    """Write uint64 `value` to bytes `index .. index + 7`, lowest first."""
    if not _is_bytes(where):
        return None
    signature = types.void(where, types.int64, types.uint64)

    def codegen(context, builder, sig, args):
        at = _address(context, builder, sig.args[0], args[0], args[1])
        builder.store(args[2], builder.bitcast(at, _I64.as_pointer()), align=1)
        return context.get_dummy_value()

    return signature, codegen


@_intrinsic
def equal_mask(typingctx, where, index, byte):
    """uint64 whose bit i says whether byte `index + i` equals `byte`, for 64 bytes."""
    if not _is_bytes(where):
        return None
    signature = types.uint64(where, types.int64, types.uint8)

    def codegen(context, builder, sig, args):
        at = _address(context, builder, sig.args[0], args[0], args[1])
        block = builder.load(builder.bitcast(at, _V64.as_pointer()), align=1)
        one = builder.insert_element(ir.Constant(_V64, ir.Undefined), args[2], _I64(0))
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), PAD), [0] * PAD)
        wanted = builder.shuffle_vector(one, ir.Constant(_V64, ir.Undefined), zeros)
        return builder.bitcast(builder.icmp_unsigned("==", block, wanted), _I64)

    return signature, codegen


@_intrinsic
def trailing_zeros(typingctx, word):
    """Number of zero bits below the lowest set bit of a uint64 that is not zero."""
    signature = types.int64(types.uint64)

    def codegen(context, builder, sig, args):
        return builder.cttz(args[0], cgutils.true_bit)

    return signature, codegen


@_intrinsic
def swap64(typingctx, word):
    """The eight bytes of a uint64 in reverse order."""
    signature = types.uint64(types.uint64)

    def codegen(context, builder, sig, args):
        return builder.bswap(args[0])

    return signature, codegen


@njit(cache=True, nogil=True)
def find_byte(where: Pointer, start: int, end: int, byte: int) -> int:
    """Where `byte` is next from `start` on; `end` when it is not before it."""
    at = start
    while at < end:
        found = equal_mask(where, at, np.uint8(byte))
        if found != U(0):
            return min(end, at + trailing_zeros(found))
        at += PAD
    return end
