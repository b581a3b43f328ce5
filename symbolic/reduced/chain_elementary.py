"""The clock of a chain of depth 2, and of one whose target is 0: logarithms and powers.

With x the signed root of z and R² = P/z, x + R = √q rationalises the clock of depth 2:

    H dt = dx / ((Y − x R) R) = 2 dq / ((q₊ − q)(q − q₋)),     q± = 2Y ± D,  D² = 4Y² + c².

With Y = 0 the clock −dz/(2P) is rational at every depth: from a factor c_l that occurs m times come
∫ dz/(z + c_l)^j, j ≤ m.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import sympy
from sympy import Expr, Symbol

from symbolic.proof.certificate import Certificate, Record, Step
from symbolic.reduced import chain
from symbolic.reduced.chain import Y, zero

x, c = sympy.symbols("x c", real=True)
R, q, D = sympy.symbols("R q D", positive=True)
above, gap = sympy.symbols("above gap", positive=True)  # q − q₋ and |q₊ − q|
factor = Symbol("factor", positive=True)  # z + c_l
j = Symbol("j", positive=True, integer=True)


@dataclass(frozen=True, kw_only=True)
class ElementaryChain(Record):
    """H t, up to a constant.

    Attributes:
        two: of depth 2, in q − q₋ as `above` and |q₊ − q| as `gap`.
        position: x and R in q.
        simple, power: ∫ dz/(z + c_l)^j for j = 1 and j > 1, of which −½ ∫ dz/P is a sum where y = 0.
    """

    two: Expr
    position: Mapping[Symbol, Expr]
    simple: Expr
    power: Expr

    def certify(self) -> Iterator[Certificate]:
        """Each is differentiated."""
        at = self.position
        yield Certificate("R^2 = x^2 + c", zero(at[R] ** 2 - at[x] ** 2 - c))
        yield Certificate("q = (x + R)^2", zero((at[x] + at[R]) ** 2 - q))
        integrand = 1 / ((Y - x * R) * R)
        of_chain = chain.derive().integrand.subs({chain.root_P: chain.sigma * x * R}) * 2 * x
        rest = (of_chain - integrand).subs(chain.sigma, 1)
        yield Certificate("the clock in x, σ = 1", zero(rest))
        rest = (of_chain.subs(chain.sigma, -1)) - integrand
        yield Certificate("the clock in x, σ = -1", zero(rest))
        in_q = integrand.subs(at) * sympy.diff(at[x], q)
        for sign in (1, -1):
            slope = sympy.diff(
                self.two.subs({above: q - 2 * Y + D, gap: sign * (2 * Y + D - q)}), q
            )
            top = sympy.numer(sympy.together(slope - in_q))
            rest = sympy.rem(sympy.expand(top), D**2 - 4 * Y**2 - c**2, D)
            yield Certificate(f"depth 2, {'below' if sign > 0 else 'beyond'}", zero(rest))
        slow = chain.derive().integrand.subs(Y, 0) + 1 / (2 * chain.root_P**2)
        yield Certificate("H dt = -dz/(2 P) where y = 0", zero(slow))
        rest = sympy.diff(self.simple, factor) - 1 / factor
        yield Certificate("a factor that occurs once", zero(rest))
        rest = sympy.powsimp(sympy.diff(self.power, factor) * factor**j) - 1
        yield Certificate("a factor to a power", zero(rest))

    def explain(self) -> Iterator[Step]:
        """The forms."""
        yield Step(
            "Chains of depth 2",
            ((r"x", self.position[x]), (r"R", self.position[R]), (r"H t", self.two)),
            "x + R = √q makes the clock rational.",
        )
        rows = (
            (r"\int \frac{dz}{z + c_l}", self.simple),
            (r"\int \frac{dz}{(z + c_l)^j}", self.power),
        )
        yield Step("Chains whose target is 0", rows, "Partial fractions of −1/(2P).")


@cache
def derive() -> ElementaryChain:
    """By x + R = √q and partial fractions."""
    small = Symbol("small", positive=True)  # R − x = c/(x + R)
    found = sympy.solve((x + R - sympy.sqrt(q), R - x - small), (x, R), dict=True)[0]
    position = {one: sympy.factor(found[one].subs(small, c / sympy.sqrt(q))) for one in (x, R)}
    slope = sympy.diff(position[x], q) / ((Y - x * R) * R).subs(position)
    top, bottom = sympy.fraction(sympy.cancel(slope))
    lead = sympy.Poly(bottom, q).LC()
    residue = sympy.cancel(top / lead / (2 * D))  # of 1/((q − q₊)(q − q₋)), q₊ − q₋ = 2D
    two = residue * (sympy.log(gap) - sympy.log(above))
    high = Symbol("high", real=True, positive=True)  # j − 1
    return ElementaryChain(
        two=two,
        position=position,
        simple=sympy.integrate(1 / factor, factor),
        power=sympy.integrate(factor ** -(high + 1), factor).subs(high, j - 1),
    )
