"""Fractions that stand alone, which would be printed as floats, over one number.

Not all denominators: exp(−h²) of one term would be exp(h²) in the others, and overflow.
"""

from __future__ import annotations

import sympy
from sympy import Expr, Piecewise


def without_bare_fractions(expression: Expr) -> Expr:
    """One number below all terms of a sum, and below all branches."""
    return expression.replace(
        lambda part: part.is_Add and any(map(_is_fraction, part.args)), _over_one_number
    ).replace(
        lambda part: isinstance(part, Piecewise) and any(_is_fraction(v) for v, _ in part.args),
        _over_one_denominator,
    )


def _is_fraction(value: Expr) -> bool:
    return bool(value.is_Rational and not value.is_Integer)


def _over_one_number(total: Expr) -> Expr:
    common = sympy.ilcm(*(term.as_coeff_Mul()[0].q for term in total.args))
    return sympy.Mul(
        sympy.Rational(1, common),
        sympy.Add(*(common * term for term in total.args)),
        evaluate=False,
    )


def _over_one_denominator(pieces: Piecewise) -> Expr:
    common = sympy.ilcm(*(value.q for value, _ in pieces.args if value.is_Rational), 1)
    return Piecewise(*((value * common, condition) for value, condition in pieces.args)) / common
