"""Finding forms of a function that neither overflow nor cancel, equal to the derived ones term by term.

Exponentials only decay: what is rational in eʰ, or has log(1 + eʰ), is written in e^{−|h|} on each side
of h = 0. 1 ± erf z is erfc(∓z), and 1 − tanh² z is 1/cosh² z: as sums they have no digits left where
they are small.
"""

from __future__ import annotations

import sympy
from sympy import Abs, Expr, Piecewise, Symbol
from sympy.codegen.cfunctions import expm1, log1p

z = sympy.Wild("z")
DECAYED = Symbol("decayed", positive=True)


class one_plus_erf(sympy.Function):
    """1 + erf z, as erfc(−z); SymPy turns that back into the sum that cancels."""

    def in_print(self) -> Expr:
        """What a reader knows it as."""
        return 1 + sympy.erf(self.args[0])


class mean_decay_slope(sympy.Function):
    """The derivative of `mean_decay`, by series where it cancels."""

    nargs = 1


class mean_decay(sympy.Function):
    """(1 − exp(−z))/z, the mean of exp(−z θ) over 0 ≤ θ ≤ 1; its derivatives keep their digits too."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> Expr:
        """A function of its own."""
        return mean_decay_slope(self.args[0])

    def in_print(self) -> Expr:
        """What a reader knows it as."""
        return (1 - sympy.exp(-self.args[0])) / self.args[0]


def stable(expression: Expr, h: Symbol) -> Expr:
    """An expression of a neuron, in a form that floats can compute for every h."""
    expression = without_cancellation(expression)
    if not _has_quotient(expression):
        return expression
    right, left = (_in_decayed(expression, h, side) for side in (1, -1))
    if right.has(sympy.exp) or left.has(sympy.exp):
        return expression  # other exponentials: eʰ alone says nothing of their size
    decayed = sympy.exp(-Abs(h))
    return Piecewise((right, h > 0), (left, True)).xreplace({DECAYED: decayed})


def with_log1p(expression: Expr) -> Expr:
    """log(1 + z) by the function that keeps the digits of a small z; log cosh z likewise."""
    expression = expression.replace(
        lambda part: isinstance(part, sympy.log) and part.args[0].is_Add and 1 in part.args[0].args,
        lambda part: log1p(part.args[0] - 1),
    )
    return expression.replace(
        lambda part: isinstance(part, sympy.log) and isinstance(part.args[0], sympy.cosh),
        lambda part: _log_cosh(part.args[0].args[0]),
    )


def _log_cosh(place: Expr) -> Expr:
    """log(1 + 2 sinh²(z/2)) next to 0, |z| + log(1 − (1 − e^(−2|z|))/2) beyond."""
    size = Abs(place)
    far = size + log1p(expm1(-2 * size) / 2)
    return Piecewise((log1p(2 * sympy.sinh(place / 2) ** 2), size < 1), (far, True))


def without_cancellation(expression: Expr) -> Expr:
    """1 + erf and 1 − tanh² in one function each."""
    expression = expression.replace(lambda part: part.is_Add and 1 in part.args, _one_plus)
    if not expression.has(sympy.tanh):  # the search for a pattern takes long
        return expression
    expression = expression.replace(
        lambda part: part.is_Add and part.has(sympy.tanh) and len(part.free_symbols) == 1,
        sympy.factor_terms,
    )
    return expression.replace(1 - sympy.tanh(z) ** 2, 1 / sympy.cosh(z) ** 2)


def _one_plus(total: Expr) -> Expr:
    found = [part for part in total.args if isinstance(part, sympy.erf)]
    return total - 1 - found[0] + one_plus_erf(found[0].args[0]) if found else total


def _has_quotient(expression: Expr) -> bool:
    """Whether eʰ stands in a denominator with something else, or in a logarithm."""
    in_sums = any(
        part.exp.is_negative and part.base.is_Add and part.base.has(sympy.exp)
        for part in expression.atoms(sympy.Pow)
    )
    return in_sums or any(part.has(sympy.exp) for part in expression.atoms(log1p))


def _in_decayed(expression: Expr, h: Symbol, side: int) -> Expr:
    """With one symbol for e^{−|h|} on a side of h = 0; its logarithm is −|h|."""
    replaced = expression.replace(
        lambda part: isinstance(part, sympy.exp) and (part.args[0] / h).is_Integer,
        lambda part: DECAYED ** (-side * part.args[0] / h),
    )
    replaced = replaced.replace(
        lambda part: isinstance(part, log1p) and part.args[0] == 1 / DECAYED,
        lambda part: side * h + log1p(DECAYED),
    )
    return replaced.replace(_has_a_denominator, sympy.factor_terms).replace(
        lambda part: _has_a_denominator(part) and part.free_symbols <= {h, DECAYED},
        lambda part: sympy.factor(sympy.together(part)),
    )


def _has_a_denominator(part: Expr) -> bool:
    return bool(
        part.is_Add and any(DECAYED in sympy.denom(term).free_symbols for term in part.args)
    )
