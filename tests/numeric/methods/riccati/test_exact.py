"""Digits are those on which two precisions agree."""

from __future__ import annotations

import mpmath

from numeric.methods.riccati.exact import digits_of, to_digits


def _context(bits):
    context = mpmath.MPContext()
    context.prec = bits
    return context


def test_precision_is_doubled_until_the_digits_agree():
    asked = []

    def evaluate(bits):
        asked.append(bits)
        context = _context(bits)
        return [context.mpf(1) / 3 + context.ldexp(1, -bits // 8)]  # loses seven eighths

    assert to_digits(evaluate, 20) == ["0.33333333333333333333"]
    assert len(asked) == 4
    assert asked == [asked[0] * 2**k for k in range(4)]


def test_what_stays_at_rounding_is_shown_as_a_ball_and_zero_as_zero():
    def evaluate(bits):
        context = _context(bits)
        return [context.ldexp(1, -bits), context.zero, context.mpf(2)]

    noise, zero, two = to_digits(evaluate, 10)
    assert noise.startswith("[+/- ")
    assert (zero, two) == ("0", "2")


def test_nests_keep_their_shape_and_what_is_undefined_is_none():
    def evaluate(bits):
        context = _context(bits)
        return {"a": [context.mpf("0.5"), [context.nan]], "b": None}

    assert digits_of(evaluate, 5) == {"a": ["0.5", [None]], "b": None}


def test_a_tiny_number_of_many_bits_is_written():
    """Mpmath by itself writes all digits of one, more than Python's integers may have."""

    def evaluate(bits):
        context = mpmath.MPContext()
        context.prec = bits + 60_000
        return [context.exp(-10_000)]

    assert to_digits(evaluate, 10) == ["1.135483865e-4343"]
