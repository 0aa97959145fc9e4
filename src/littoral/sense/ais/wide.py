"""Eight and sixty-four bytes at a time: what Numba lacks to read text at the speed of memory.

Each function is a few instructions of LLVM's, independent of the processor: LLVM picks AVX-512,
AVX2, SSE2 or NEON. Callers see to it that the bytes read exist; a buffer that is scanned has at
least `PAD` readable bytes after the last line. Byte order is little-endian, as on every machine
that Numba supports with wheels.
"""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

PAD = 64  # bytes that may be read past the end of a line

_I8 = ir.IntType(8)
_I64 = ir.IntType(64)
_V64 = ir.VectorType(_I8, PAD)


def _address(context, builder, array_type, array, index):
    data = context.make_array(array_type)(context, builder, array).data
    return builder.gep(data, [index])


def _is_bytes(array) -> bool:
    return isinstance(array, types.Array) and array.dtype == types.uint8 and array.ndim == 1


@intrinsic
def load64(typingctx, array, index):
    """Bytes `index .. index + 7` as uint64, the first one lowest."""
    if not _is_bytes(array):
        return None
    signature = types.uint64(array, types.int64)

    def codegen(context, builder, sig, args):
        at = _address(context, builder, sig.args[0], args[0], args[1])
        return builder.load(builder.bitcast(at, _I64.as_pointer()), align=1)

    return signature, codegen


@intrinsic
def store64(typingctx, array, index, value):
    """Write uint64 `value` to bytes `index .. index + 7`, lowest first."""
    if not _is_bytes(array):
        return None
    signature = types.void(array, types.int64, types.uint64)

    def codegen(context, builder, sig, args):
        at = _address(context, builder, sig.args[0], args[0], args[1])
        builder.store(args[2], builder.bitcast(at, _I64.as_pointer()), align=1)
        return context.get_dummy_value()

    return signature, codegen


@intrinsic
def equal_mask(typingctx, array, index, byte):
    """uint64 whose bit i says whether byte `index + i` equals `byte`, for 64 bytes."""
    if not _is_bytes(array):
        return None
    signature = types.uint64(array, types.int64, types.uint8)

    def codegen(context, builder, sig, args):
        at = _address(context, builder, sig.args[0], args[0], args[1])
        block = builder.load(builder.bitcast(at, _V64.as_pointer()), align=1)
        one = builder.insert_element(ir.Constant(_V64, ir.Undefined), args[2], _I64(0))
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), PAD), [0] * PAD)
        wanted = builder.shuffle_vector(one, ir.Constant(_V64, ir.Undefined), zeros)
        return builder.bitcast(builder.icmp_unsigned("==", block, wanted), _I64)

    return signature, codegen


@intrinsic
def trailing_zeros(typingctx, word):
    """Number of zero bits below the lowest set bit of a uint64 that is not zero."""
    signature = types.int64(types.uint64)

    def codegen(context, builder, sig, args):
        return builder.cttz(args[0], cgutils.true_bit)

    return signature, codegen


@intrinsic
def swap64(typingctx, word):
    """The eight bytes of a uint64 in reverse order."""
    signature = types.uint64(types.uint64)

    def codegen(context, builder, sig, args):
        return builder.bswap(args[0])

    return signature, codegen
