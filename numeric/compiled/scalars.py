"""Names that compiled text computes with: for float64, and for double-double numbers.

Conditions select between values that are both there, so that loops over float64 become vector
instructions; exponentials are arithmetic for the same reason. They are right to one unit in the last
place and a half.
"""

# mypy: ignore-errors
# numba compares signatures: what it compiles has no annotations.
from __future__ import annotations

import math
import operator
from fractions import Fraction

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic, make_attribute_wrapper, models, overload, register_model

jit = njit(error_model="numpy", inline="always")
# Inlined by LLVM always: else it hangs on what was compiled before whether loops become vectors.
call = njit(error_model="numpy", forceinline=True)
forced = call
# Called as it stands, or inlined, as LLVM likes: what is long is compiled once.
apart = njit(error_model="numpy")
inf = math.inf

# --- bits ------------------------------------------------------------------------------------------


@intrinsic
def bits_of(_typing, _number):
    """The 64 bits of a number, as an integer."""

    def generate(_context, builder, _signature, given):
        return builder.bitcast(given[0], ir.IntType(64))

    return types.int64(types.float64), generate


@intrinsic
def of_bits(_typing, _bits):
    """The number of 64 bits."""

    def generate(_context, builder, _signature, given):
        return builder.bitcast(given[0], ir.DoubleType())

    return types.float64(types.int64), generate


@intrinsic
def fma(_typing, _a, _b, _c):
    """The value of a b + c, rounded once."""

    def generate(_context, builder, _signature, given):
        return builder.fma(*given)

    return types.float64(types.float64, types.float64, types.float64), generate


@intrinsic
def root(_typing, _number):
    """The square root of a number: an instruction, where `math.sqrt` may stay a call."""

    def generate(_context, builder, _signature, given):
        found = builder.module.declare_intrinsic("llvm.sqrt", [ir.DoubleType()])
        return builder.call(found, given)

    return types.float64(types.float64), generate


@intrinsic
def any_order(_typing, _total, _value):
    """The sum of two numbers; a loop may add many in any order."""

    def generate(_context, builder, _signature, given):
        return builder.fadd(*given, flags=("reassoc", "nsz"))

    return types.float64(types.float64, types.float64), generate


@jit
def two_to(exponent):
    """2^exponent, from −1022 to 1023."""
    return of_bits((exponent + 1023) << 52)


@jit
def exponent_of(number):
    """The e with 2^(e−1) ≤ |number| < 2^e; 0 of zero, as frexp has it; of normal numbers."""
    biased = (bits_of(number) >> 52) & 0x7FF
    return biased - 1022 if biased > 0 else 0


# --- double-double numbers ---------------------------------------------------------------------------


class _DoubleDouble(types.Type):
    def __init__(self):
        super().__init__(name="DoubleDouble")


PAIR = _DoubleDouble()


@register_model(_DoubleDouble)
class _Model(models.StructModel):
    def __init__(self, manager, kind):
        super().__init__(manager, kind, [("hi", types.float64), ("lo", types.float64)])


make_attribute_wrapper(_DoubleDouble, "hi", "hi")
make_attribute_wrapper(_DoubleDouble, "lo", "lo")


@intrinsic
def pair(_typing, _hi, _lo):
    """The sum hi + lo, as one number."""

    def generate(context, builder, _signature, given):
        made = cgutils.create_struct_proxy(PAIR)(context, builder)
        made.hi, made.lo = given
        return made._getvalue()  # noqa: SLF001

    return PAIR(types.float64, types.float64), generate


@call
def _normal(high, low):
    total = high + low
    return pair(total, low - (total - high))


@call
def _add(a, b):
    high = a.hi + b.hi
    of_b = high - a.hi
    low = (a.hi - (high - of_b)) + (b.hi - of_b)
    more = a.lo + b.lo
    of_b = more - a.lo
    least = (a.lo - (more - of_b)) + (b.lo - of_b)
    first = _normal(high, low + more)
    return _normal(first.hi, first.lo + least)


@call
def _negative(a):
    return pair(-a.hi, -a.lo)


@call
def _subtract(a, b):
    return _add(a, _negative(b))


@call
def _multiply(a, b):
    high = a.hi * b.hi
    low = fma(a.hi, b.hi, -high)
    return _normal(high, low + (a.hi * b.lo + a.lo * b.hi))


@call
def _divide(a, b):
    first = a.hi / b.hi
    # What is left of a is exact, but for what the rest of b brings.
    product = first * b.hi
    rest = (a.hi - product) - fma(first, b.hi, -product) + (a.lo - first * b.lo)
    return _normal(first, rest / b.hi)


@call
def _root(a):
    first = root(a.hi)
    rest = _subtract(a, _multiply(pair(first, 0.0), pair(first, 0.0)))
    # No branch: loops shall become vector instructions.
    return _normal(first, where(first > 0, rest.hi / (2 * first), 0.0))


@call
def _power(a, exponent):
    found = a
    for _ in range(exponent - 1):
        found = _multiply(found, a)
    return found


def _is_pair(kind):
    return isinstance(kind, _DoubleDouble)


def _between_pairs(function):
    """An operator of two numbers of which one at least is a pair."""

    def choose(a, b):
        if _is_pair(a) and _is_pair(b):
            return lambda a, b: function(a, b)
        if _is_pair(a) and isinstance(b, types.Number):
            return lambda a, b: function(a, pair(float(b), 0.0))
        if _is_pair(b) and isinstance(a, types.Number):
            return lambda a, b: function(pair(float(a), 0.0), b)
        return None

    return choose


for _operator, _function in (
    (operator.add, _add), (operator.sub, _subtract), (operator.mul, _multiply),
    (operator.truediv, _divide),
):  # fmt: skip
    overload(_operator)(_between_pairs(_function))


@overload(operator.neg)
def _neg(a):
    return (lambda a: _negative(a)) if _is_pair(a) else None


@overload(operator.pow)
def _pow(a, b):
    return (lambda a, b: _power(a, b)) if _is_pair(a) else None


# --- names of generated text ---------------------------------------------------------------------------


@intrinsic
def where(_typing, _condition, _yes, _no):
    """`yes` where the condition holds, of numbers and of pairs: both are there, nothing branches."""
    kind = PAIR if PAIR in (_yes, _no) else types.float64

    def part(context, builder, value, given, name):
        if given == PAIR:
            return getattr(cgutils.create_struct_proxy(PAIR)(context, builder, value=value), name)
        if name == "lo":
            return ir.Constant(ir.DoubleType(), 0.0)
        return context.cast(builder, value, given, types.float64)

    def generate(context, builder, signature, given):
        condition = builder.icmp_unsigned("!=", given[0], ir.Constant(given[0].type, 0))

        def chosen(name):
            yes, no = (part(context, builder, given[k], signature.args[k], name) for k in (1, 2))
            return builder.select(condition, yes, no)

        if kind != PAIR:
            return chosen("hi")
        made = cgutils.create_struct_proxy(PAIR)(context, builder)
        made.hi, made.lo = chosen("hi"), chosen("lo")
        return made._getvalue()  # noqa: SLF001

    return kind(types.boolean, _yes, _no), generate


@call
def greater(a, b):
    """Whether a > b, of pairs."""
    return (a - b).hi > 0


@call
def greater_equal(a, b):
    """Whether a ≥ b, of pairs."""
    return (a - b).hi >= 0


@call
def less(a, b):
    """Whether a < b, of pairs."""
    return (a - b).hi < 0


@call
def less_equal(a, b):
    """Whether a ≤ b, of pairs."""
    return (a - b).hi <= 0


@call
def not_equal(a, b):
    """Whether a ≠ b, of pairs."""
    return (a - b).hi != 0


@call
def logical_and(a, b):
    """Both."""
    return a & b


@call
def logical_or(a, b):
    """Either."""
    return a | b


@call
def minimum(a, b):
    """The smaller of pairs."""
    return a if (a - b).hi < 0 else b


@call
def maximum(a, b):
    """The larger of pairs."""
    return a if (a - b).hi > 0 else b


def sqrt(z):
    """Square root, of numbers and of pairs."""
    raise NotImplementedError


@overload(sqrt, inline="always")
def _sqrt(z):
    return (lambda z: _root(z)) if _is_pair(z) else (lambda z: root(float(z)))


# --- exponentials ------------------------------------------------------------------------------------

LOG2E = 1 / math.log(2)
LN2_HIGH, LN2_LOW = float.fromhex("0x1.62e42fefa39efp-1"), float.fromhex("0x1.abc9e3b39803fp-56")
ROUND = 1.5 * 2.0**52  # added and taken away it rounds to a whole number
FAR = 745.5  # exp(-z) is 0 beyond
# 1/2 − z/3 + z²/8 − …: coefficient k/(k + 1)! of (−z)^(k − 1), each from the one before
NEAR, SLOPE_TERMS = 1.0, 20
SLOPES = np.array([0.0, 0.5, *((k + 1) / (k * (k + 2)) for k in range(1, SLOPE_TERMS))])
(T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13) = (1 / math.factorial(k) for k in range(2, 14))


@jit
def _reduced(z):
    """The k and expm1(r) of −z = k log 2 + r, |r| ≤ log(2)/2, for z ≥ 0."""
    held = where(z < FAR, z, FAR)
    rounded = fma(-held, LOG2E, ROUND)
    k = rounded - ROUND
    r = fma(k, -LN2_LOW, fma(k, -LN2_HIGH, -held))
    s = fma(r, T13, T12)
    for coefficient in (T11, T10, T9, T8, T7, T6, T5, T4, T3, T2):
        s = fma(r, s, coefficient)
    return bits_of(rounded) - bits_of(ROUND), fma(r * r, s, r)


@jit
def exp(z):
    """Exponential of z ≤ 0; with the larger half of the power of two apart, so that it may vanish."""
    k, change = _reduced(-z)
    half = k >> 1
    return where(-z < FAR, (1 + change) * two_to(half) * two_to(k - half), where(z != z, z, 0.0))


@jit
def expm1(z):
    """exp(z) − 1 of z ≤ 0."""
    k, change = _reduced(-z)
    scale = two_to(k >> 1) * two_to(k - (k >> 1))
    return where(z != z, z, (scale - 1) + scale * change)


@jit
def mean_decay(z):
    """(1 − exp(−z))/z for z ≥ 0."""
    safe = where(z > 0, z, 1.0)
    # Not of `safe`: of z itself a state knows the exponential, too.
    return where(z > 0, -expm1(-z) / safe, where(z != z, z, 1.0))


@call
def mean_decay_slope(z):
    """Derivative of `mean_decay`: (exp(−z) − (1 − exp(−z))/z)/z, for small z by its series."""
    if z < NEAR:
        slope = 0.0
        for k in range(SLOPE_TERMS, 0, -1):
            slope = (1 - slope * z) * SLOPES[k]
        return -slope
    return (exp(-z) - mean_decay(z)) / z


@jit
def held(z, bound):
    """The first, where rounding carries it beyond ±bound brought back."""
    return where(z > bound, bound, where(z < -bound, -bound, z))


# --- exponentials of double-double numbers -----------------------------------------------------------

LN2 = (
    float.fromhex("0x1.62e42fefa39efp-1"),
    float.fromhex("0x1.abc9e3b39803fp-56"),
    float.fromhex("0x1.7b57a079a1934p-111"),
)
HALVINGS = 6
# 1/n!, each with its rest; of the last ones, which count for less than a rounding, there is none.
FACTORIALS = tuple(
    (float(z), float(z - Fraction(float(z))))
    for z in (Fraction(1, math.factorial(n)) for n in range(2, 8))
)
LAST = tuple(1 / math.factorial(n) for n in range(8, 14))
(C2, C3, C4, C5, C6, C7), (C8, C9, C10, C11, C12, C13) = FACTORIALS, LAST


@call
def _reduced_pair(z):
    """K and expm1(r) of −z = k log 2 + r, |r| ≤ log(2)/2, for 0 ≤ z < FAR."""
    k = math.floor(-z.hi * LOG2E + 0.5)
    first, second = k * -LN2[0], k * -LN2[1]
    r = pair(-z.hi, 0.0) + pair(first, fma(k, -LN2[0], -first))
    r = r + pair(second, fma(k, -LN2[1], -second)) + pair(k * -LN2[2] - z.lo, 0.0)
    r = pair(r.hi / 2**HALVINGS, r.lo / 2**HALVINGS)
    small = C13
    for coefficient in (C12, C11, C10, C9, C8):
        small = fma(r.hi, small, coefficient)
    s = pair(small, 0.0)
    for coefficient in (C7, C6, C5, C4, C3, C2):
        s = s * r + pair(coefficient[0], coefficient[1])
    s = s * r * r + r
    for _ in range(HALVINGS):
        s = s * s + pair(2 * s.hi, 2 * s.lo)
    return int(k), s


@call
def precise_exp(z):
    """Exponential of a pair z ≤ 0."""
    if not -z.hi < FAR:
        return pair(0.0 * z.hi if z.hi != z.hi else 0.0, 0.0)
    k, change = _reduced_pair(-z)
    one = change + 1.0
    half = k >> 1
    scale = two_to(half)
    rest = two_to(k - half)
    return pair(one.hi * scale * rest, one.lo * scale * rest)


@call
def precise_expm1(z):
    """exp(z) − 1 of a pair z ≤ 0."""
    if not -z.hi < FAR:
        return pair(z.hi if z.hi != z.hi else -1.0, 0.0)
    k, change = _reduced_pair(-z)
    scale = two_to(k >> 1) * two_to(k - (k >> 1))
    return pair(change.hi * scale, change.lo * scale) + (pair(scale, 0.0) + -1.0)


@call
def precise_mean_decay(z):
    """(1 − exp(−z))/z of a pair z ≥ 0."""
    if z.hi == 0:
        return pair(1.0, 0.0)
    return -precise_expm1(-z) / z


@overload(abs)
def _abs(z):
    return (lambda z: -z if z.hi < 0 else z) if _is_pair(z) else None
