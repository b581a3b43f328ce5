"""What is rational in eᶻ in the two halves of 1: 1/(1 + e^{−z}) and 1/(1 + eᶻ).

Neither overflows, each is as small as it is by itself, and 1 − σ is never formed of a σ next to 1.
"""

from __future__ import annotations

import sympy
from sympy import Expr, Mul, Poly, Symbol
from sympy.utilities.iterables import sift

Q, RISING, FALLING = sympy.symbols("q rising falling", positive=True)


class logistic(sympy.Function):
    """1/(1 + exp(−z))."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> Expr:
        """Its slope, a product of both halves."""
        return self * logistic(-self.args[0])


def plainly(expression: Expr) -> Expr:
    """The same in exponentials."""
    return expression.replace(logistic, lambda z: 1 / (1 + sympy.exp(-z)))


def in_halves(expression: Expr, h: Symbol) -> Expr:
    """An expression with eᶻ over powers of 1 + eᶻ in both halves; any other as it is."""
    step = _step(expression, h)
    if step is None:
        return expression
    replaced = expression.replace(
        lambda part: isinstance(part, sympy.exp) and (part.args[0] / step).is_Integer,
        lambda part: Q ** (part.args[0] / step),
    )
    return _walked(replaced, h).xreplace(
        {Q: sympy.exp(step), RISING: logistic(step), FALLING: logistic(-step)}
    )


def _walked(part: Expr, h: Symbol) -> Expr:
    """Its largest parts that are rational in h and q, in both halves."""
    if not part.has(Q):
        return part
    if part.is_rational_function(h, Q):
        return _halved(part, h)
    if part.is_Mul:
        rational, others = sift(
            part.args, lambda z: bool(z.is_rational_function(h, Q)), binary=True
        )
        return _walked(Mul(*rational), h) * Mul(*(_walked(z, h) for z in others))
    return part.func(*(_walked(z, h) for z in part.args))


def _step(expression: Expr, h: Symbol) -> Expr | None:
    """The z of the exponentials that stand below, a positive multiple of h."""
    below = {
        one.args[0]
        for power in expression.atoms(sympy.Pow)
        if power.exp.is_negative and power.base.is_Add
        for one in power.base.atoms(sympy.exp)
    }
    rates = [sympy.Abs(one / h) for one in below if not (one / h).has(h)]
    return min(rates) * h if rates and all(z.is_number for z in rates) else None


def _halved(part: Expr, h: Symbol) -> Expr:
    """A quotient with (1 + q)ⁿ below, power by power of h: cᵢ qⁱ/(1 + q)ⁿ is cᵢ Pⁱ Nⁿ⁻ⁱ."""
    top, bottom = sympy.fraction(sympy.cancel(sympy.together(part)))
    if not bottom.has(Q):
        return part
    found: Expr = sympy.Integer(0)
    for (power,), coefficient in Poly(top, h).terms():
        numerator, denominator = sympy.fraction(sympy.cancel(coefficient / bottom))
        degree = Poly(denominator, Q).degree()
        rest = sympy.cancel(denominator / (1 + Q) ** degree)
        above = Poly(numerator, Q)
        if rest.has(Q) or above.degree() > degree:
            return part
        found += h**power * sum(
            c * RISING**i * FALLING ** (degree - i) / rest for (i,), c in above.terms()
        )
    return found
