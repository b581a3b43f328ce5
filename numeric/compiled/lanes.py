"""Eight float64 numbers as one: what one neuron computes, eight do in the same instructions.

Text over numbers is then the text of eight neurons, and no loop has to be found vectorisable: each
operation is one of a vector of LLVM, which a processor does in as many steps as its registers need.
"""

# mypy: ignore-errors
# numba compares signatures: what it compiles has no annotations.
from __future__ import annotations

import operator

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, models, overload, register_model

LANES = 8
DOUBLE, BYTES = ir.DoubleType(), 8
VECTOR = ir.VectorType(DOUBLE, LANES)


class _Lanes(types.Type):
    def __init__(self):
        super().__init__(name="Lanes")


EIGHT = _Lanes()


@register_model(_Lanes)
class _Model(models.PrimitiveModel):
    def __init__(self, manager, kind):
        super().__init__(manager, kind, VECTOR)


def _I32(number):
    return ir.Constant(ir.IntType(32), number)


_ZEROS = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)


def _broadcast(builder, number):
    nothing = ir.Constant(VECTOR, ir.Undefined)
    first = builder.insert_element(nothing, number, _I32(0))
    return builder.shuffle_vector(first, nothing, _ZEROS)


def _place_of(context, builder, array_type, array, place):
    """Where in memory eight numbers begin."""
    data = context.make_array(array_type)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [place]), VECTOR.as_pointer())


@intrinsic
def lanes(_typing, _number):
    """A number, eight times."""

    def generate(context, builder, signature, given):
        return _broadcast(
            builder, context.cast(builder, given[0], signature.args[0], types.float64)
        )

    return EIGHT(_number), generate


@intrinsic
def load(_typing, _array, _row):
    """The eight numbers of a row of contiguous memory; nothing asks whether they are there."""

    def generate(context, builder, signature, given):
        start = builder.mul(given[1], ir.Constant(given[1].type, LANES))
        where = _place_of(context, builder, signature.args[0], given[0], start)
        return builder.load(where, align=BYTES)

    return EIGHT(_array, types.int64), generate


@intrinsic
def store(_typing, _array, _row, _eight):
    """Write eight numbers to a row of contiguous memory; nothing asks whether it is there."""

    def generate(context, builder, signature, given):
        start = builder.mul(given[1], ir.Constant(given[1].type, LANES))
        where = _place_of(context, builder, signature.args[0], given[0], start)
        builder.store(given[2], where, align=BYTES)
        return context.get_dummy_value()

    return types.none(_array, types.int64, EIGHT), generate


@intrinsic
def skipped(_typing, _array):
    """How many numbers of an array stand before one whose address is a multiple of a row's size."""

    def generate(context, builder, signature, given):
        data = context.make_array(signature.args[0])(context, builder, given[0]).data
        address = builder.ptrtoint(data, ir.IntType(64))
        before = builder.and_(builder.neg(address), ir.Constant(ir.IntType(64), LANES * BYTES - 1))
        return builder.lshr(before, ir.Constant(ir.IntType(64), 3))

    return types.int64(_array), generate


def _first(builder, count, kind):
    """Which lanes are the first so many."""
    whole = ir.VectorType(kind, LANES)
    places = ir.Constant(whole, list(range(LANES)))
    first = builder.insert_element(ir.Constant(whole, ir.Undefined), count, _I32(0))
    return builder.icmp_signed(
        "<", places, builder.shuffle_vector(first, ir.Constant(whole, ir.Undefined), _ZEROS)
    )


@intrinsic
def store_first(_typing, _array, _place, _count, _eight):
    """Write the first so many of eight numbers from a place of contiguous memory on."""

    def generate(context, builder, signature, given):
        mask = _first(builder, given[2], given[2].type)
        where = _place_of(context, builder, signature.args[0], given[0], given[1])
        kinds = [VECTOR, where.type, ir.IntType(32), mask.type]
        function = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(ir.VoidType(), kinds),
            f"llvm.masked.store.v{LANES}f64.p0",
        )
        builder.call(function, [given[3], where, _I32(BYTES), mask])
        return context.get_dummy_value()

    return types.none(_array, types.int64, types.int64, EIGHT), generate


@intrinsic
def sum_of_first(_typing, _eight, _count):
    """The sum of the first so many, by halves."""

    def generate(_context, builder, _signature, given):
        mask = _first(builder, given[1], given[1].type)
        kept = builder.select(mask, given[0], ir.Constant(VECTOR, [0.0] * LANES))
        terms = [builder.extract_element(kept, _I32(k)) for k in range(LANES)]
        while len(terms) > 1:
            terms = [builder.fadd(*terms[k : k + 2]) for k in range(0, len(terms), 2)]
        return terms[0]

    return types.float64(EIGHT, types.int64), generate


@intrinsic
def add_product(_typing, _sum, _a, _b):
    """The value of sum + a b, rounded once where that is as fast."""

    def generate(_context, builder, _signature, given):
        kind = ir.FunctionType(VECTOR, [VECTOR] * 3)
        name = f"llvm.fmuladd.v{LANES}f64"
        function = cgutils.get_or_insert_function(builder.module, kind, name)
        return builder.call(function, [given[1], given[2], given[0]])

    return EIGHT(EIGHT, EIGHT, EIGHT), generate


@intrinsic
def chosen(_typing, _side, _right, _left):
    """Lane by lane the second where the first is positive, else the third."""

    def generate(_context, builder, _signature, given):
        is_right = builder.fcmp_ordered(">", given[0], ir.Constant(VECTOR, [0.0] * LANES))
        return builder.select(is_right, given[1], given[2])

    return EIGHT(EIGHT, EIGHT, EIGHT), generate


def _arithmetic(name):
    @intrinsic
    def operation(_typing, _a, _b):
        def generate(_context, builder, _signature, given):
            return getattr(builder, name)(*given)

        return EIGHT(EIGHT, EIGHT), generate

    return operation


def _between_lanes(function):
    """An operator of two numbers of which one at least is eight."""

    def choose(a, b):
        if a == EIGHT and b == EIGHT:
            return lambda a, b: function(a, b)
        if a == EIGHT and isinstance(b, types.Number):
            return lambda a, b: function(a, lanes(b))
        if b == EIGHT and isinstance(a, types.Number):
            return lambda a, b: function(lanes(a), b)
        return None

    return choose


for _operator, _name in (
    (operator.add, "fadd"), (operator.sub, "fsub"), (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):  # fmt: skip
    overload(_operator, inline="always")(_between_lanes(_arithmetic(_name)))
