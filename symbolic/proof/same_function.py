"""Whether two forms of a function of one variable are the same function, with logarithms and branches.

The normal form knows nothing of logarithms: log(1 + eʰ) and h + log(1 + e^{−h}) are two generators of it.
On each side of 0, where |h| is ±h, log a = log b + k h for positive a = b e^{kh}. What is the same on
both sides can still differ at 0 itself, where the pieces of a function meet.
"""

from __future__ import annotations

import sympy
from sympy import Expr, Symbol
from sympy.codegen.cfunctions import expm1, log1p

from symbolic.proof.equality import Proved, Verdict, is_proved, prove_equal
from symbolic.proof.generators import NormalFormError
from symbolic.proof.normal_form import is_zero_by_normal_form
from symbolic.proof.stable_forms import mean_decay, one_plus_erf

POWERS = (0, 1, -1, 2, -2)


def elementary(expression: Expr) -> Expr:
    """Functions that keep digits, by what they are."""
    return (
        expression.replace(log1p, lambda z: sympy.log(1 + z))
        .replace(one_plus_erf, lambda z: 1 + sympy.erf(z))
        .replace(mean_decay, lambda z: (1 - sympy.exp(-z)) / z)
    )


def prove_same(left: Expr, right: Expr, variable: Symbol) -> Verdict:
    """Decide left = right for every value of a variable, and of all other symbols.

    By the normal form; else by that of each side of 0, with its logarithms compared, and at 0.
    """
    if left == right:
        return Proved("the same expression")
    left, right = elementary(left), elementary(right)
    verdict = prove_equal(left, right)
    if is_proved(verdict):
        return verdict
    size = Symbol("size", positive=True)
    for side in (1, -1):
        difference = (left - right).subs(variable, side * size)
        if not is_proved(prove_equal(_with_few_logarithms(difference, size), sympy.Integer(0))):
            return verdict
    verdict = prove_equal(*(_at_zero(form, variable) for form in (left, right)))
    return Proved("normal form on each side of 0, and at 0") if is_proved(verdict) else verdict


def _at_zero(expression: Expr, variable: Symbol) -> Expr:
    """What a function is at 0; where its text says nothing there, what it tends to from above."""
    value = expression.subs(variable, 0)
    if value.has(sympy.nan, sympy.zoo, sympy.oo):
        return sympy.limit(expression, variable, 0, "+")
    return value


def _with_few_logarithms(expression: Expr, size: Symbol) -> Expr:
    """Logarithms that differ by a multiple of the variable in terms of one of them."""
    kept: list[Expr] = []
    found: dict[Expr, Expr] = {}
    for one in sorted(expression.atoms(sympy.log), key=sympy.default_sort_key):
        inside = sympy.expand(one.args[0].replace(expm1, lambda z: sympy.exp(z) - 1))
        pairs = ((other, k) for other in kept for k in POWERS)
        same = next((pair for pair in pairs if _is_multiple(inside, *pair, size)), None)
        if same is None or not inside.is_positive:
            kept.append(one)
        else:
            found[one] = same[0] + same[1] * size
    return expression.xreplace(found)


def _is_multiple(inside: Expr, other: Expr, power: int, size: Symbol) -> bool:
    """Whether a = b e^{k x}, with log b the other."""
    try:
        return is_zero_by_normal_form(inside - other.args[0] * sympy.exp(power * size))
    except NormalFormError:
        return False


__all__ = ["elementary", "prove_same"]
