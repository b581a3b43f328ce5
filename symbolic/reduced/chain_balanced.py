"""The clock of a balanced chain, c_l = 0: logarithms at every depth, and 2F1 below and beyond the target.

With |a_l|/√η_l = k v, k^L = |Y|, s = σ sgn y = ±1 and r = H |Y| k^(L−2),

    dv/dt = −r v^(L−1) (v^L − s),     r t = ∫ dv / (v^(L−1) (s − v^L)),

and with y = 0 and |a_l|/√η_l = u, dt = −du / (H u^(2L−1)). The integral is

    v^(2−L)/(s (2−L)) − (1/L) Σ_ω ω² log(v − ω),     ω^L = s

(log v in place of the first where L = 2), or a 2F1 in v^L (below, and for s = −1 everywhere) or in v^(−L)
(beyond): a geometric series, integrated term by term.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

import sympy
from sympy import Expr, Symbol

from symbolic.proof.certificate import Certificate, Record, Step
from symbolic.proof.equality import prove_zero
from symbolic.proof.verdict import Proved, Undecided, Verdict
from symbolic.reduced import chain
from symbolic.reduced.chain import zero

v = Symbol("v", positive=True)
gap = Symbol("gap", positive=True)  # |1 − v|
L = Symbol("L", positive=True, integer=True)
root, logarithm = sympy.symbols("root logarithm")  # ω, and log(v − ω)
s = Symbol("s", real=True)
V = Symbol("V", positive=True)  # v^L
k = Symbol("k", integer=True, nonnegative=True)
ELEMENTARY = (2, 3, 4, 6)
DEEPEST = 8  # to which the sum over roots is also summed, root by root
EXPANSIONS = {  # first exponent, step and sign of the series, and which s
    "below": (1 - L, L, 1, 1),
    "beyond": (1 - 2 * L, -L, 1, 1),
    "away": (1 - L, L, -1, -1),
}


@dataclass(frozen=True, kw_only=True)
class BalancedChain(Record):
    """The clock r t as a function of v, up to a constant.

    Attributes:
        elementary: by (L, s), with log|1 − v| as log(gap).
        head: what the power v^(1−L) gives, L > 2.
        term: what a root ω gives, at every depth.
        series: by where it holds: below, beyond, and away (s = −1).
        at_zero: H t in u = v where y = 0, L > 1.
    """

    elementary: Mapping[tuple[int, int], Expr]
    head: Expr
    term: Expr
    series: Mapping[str, Expr]
    at_zero: Expr

    def certify(self) -> Iterator[Certificate]:
        """Each is differentiated."""
        yield from _from_chain()
        for name, found in self.series.items():
            yield Certificate(f"2F1 {name}", _sums(found, *EXPANSIONS[name]))
        rest = sympy.powsimp(sympy.diff(self.at_zero, v) * v ** (2 * L - 1)) + 1
        yield Certificate("y = 0", zero(rest))
        yield from _root_proofs(self)
        for (depth, sign), found in self.elementary.items():
            slope = sympy.diff(found.subs(sympy.log(gap), sympy.log(1 - v)), v)
            rest = slope - _integrand(depth, sign)
            yield Certificate(f"elementary, L = {depth}, s = {sign}", prove_zero(rest))

    def explain(self) -> Iterator[Step]:
        """The forms."""
        rows = [(rf"r t|_{{L={d}, s={one}}}", found) for (d, one), found in self.elementary.items()]
        yield Step("Balanced chains", tuple(rows), "Partial fractions, integrated term by term.")
        rows = [(rf"r t|_{{\text{{{name}}}}}", found) for name, found in self.series.items()]
        yield Step("Balanced chains of any depth", tuple(rows), "A geometric series, integrated.")
        rows = [(r"r t|_\omega", self.term), (r"r t|_{v^{1-L}}", self.head)]
        yield Step("The same by roots of unity", tuple(rows), "Partial fractions over ω^L = s.")


def _integrand(depth: Expr | int, sign: Expr | int) -> Expr:
    return 1 / (v ** (depth - 1) * (sign - v**depth))


def _from_chain() -> Iterator[Certificate]:
    """Of equal c_l, z = k² v²: √P = K V with K = k^L = |Y|, and r = H K²/k²."""
    K = Symbol("K", positive=True)
    for sign, sigma in product((1, -1), repeat=2):
        at = {chain.sigma: sigma, chain.Y: sign * sigma * K, chain.root_P: K * V}
        rest = 2 * v * K**2 * chain.derive().integrand.subs(at) - v / (V * (sign - V))
        yield Certificate(f"r dt = dv/(v^(L-1) (s - v^L)), s = {sign}, σ = {sigma}", zero(rest))


def _root_proofs(found: BalancedChain) -> Iterator[Certificate]:
    whole = v / (V * (s - V))
    split = v / V * s + v / (s - V) * s
    rest = sympy.rem(sympy.numer(sympy.together(whole - split)), s**2 - 1, s)
    yield Certificate("the power and the roots are the integrand", zero(rest))
    slope = sympy.powsimp(sympy.diff(found.head, v) * v ** (L - 1)) - s
    yield Certificate("the power, integrated", zero(slope))
    D = s - v**L
    yield Certificate(
        "the roots are simple", zero(sympy.expand(v * sympy.diff(D, v) - L * D) + L * s)
    )
    stated = sympy.diff(found.term, logarithm)
    residue = sympy.powsimp((s * v / sympy.diff(D, v)).subs(v, root)).subs(
        root ** (2 - L), root**2 * s
    )
    rest = sympy.rem(sympy.expand(L * (residue - stated)), s**2 - 1, s)
    yield Certificate("residues, with root^L = s", zero(rest))
    for depth in range(2, DEEPEST + 1):
        for sign in (1, -1):
            one = sympy.Lambda(root, (stated / (v - root)).subs(L, depth))
            x = Symbol("x")
            total = sympy.RootSum(sympy.Poly(x**depth - sign, x), one)
            yield Certificate(
                f"the sum over roots, L = {depth}, s = {sign}",
                zero(total - sign * v / (sign - v**depth)),
            )


def _sign_of(step: Expr, of: int) -> int:
    """The sign of what is expanded: 1/(s − v^L) is of s below, and of −v^L beyond."""
    return of if step == L else -1


def _summed(first: Expr, step: Expr, sign: int) -> Expr:
    """∫ Σ_k sign^k v^(first + step k) dv, by the ratio of its terms."""
    term = 1 / (first + 1 + step * k)
    above, below = sympy.fraction(sympy.cancel(term.subs(k, k + 1) / term))
    n = Symbol("n")
    (upper,), (lower,) = (sympy.solve(part.subs(k, n), n) for part in (above, below))
    start = term.subs(k, 0) * v ** (first + 1)
    return start * sympy.hyper(
        [1, sympy.simplify(-upper)], [sympy.simplify(-lower)], sign * v**step
    )


def _sums(found: Expr, first: Expr, step: Expr, sign: int, of: int) -> Verdict:
    """Its terms are those of the series, integrated, and the series is that of the integrand."""
    (series,) = found.atoms(sympy.hyper)
    (one, upper), (lower,) = series.ap, series.bq
    head = sympy.powsimp(found / series * v ** (-first - 1))
    term = 1 / (first + 1 + step * k)
    step_up = (upper + k) / (lower + k)  # (1)_k cancels k!
    sign_of = _sign_of(step, of)
    geometric = v**first / (1 - sign * v**step)
    powers = {v ** (1 - L): v / V, v ** (1 - 2 * L): v / V**2, v ** (-L): 1 / V, v**L: V}
    rests = (
        one - 1,
        head - sign_of * term.subs(k, 0),
        step_up - term.subs(k, k + 1) / term,
        series.argument - sign * v**step,
        sign_of * geometric.subs(powers) - v / (V * (of - V)),
    )
    wrong = [rest for rest in rests if not isinstance(zero(rest), Proved)]
    return Undecided(str(wrong)) if wrong else Proved("term by term")


def _elementary(depth: int, sign: int) -> Expr:
    parts = sympy.Add.make_args(sympy.apart(_integrand(depth, sign), v))
    found = sum((sympy.integrate(part, v) for part in parts), sympy.Integer(0))
    plain = found.replace(
        sympy.log, lambda of: sympy.log(sympy.Poly(of, v).primitive()[1].as_expr())
    )
    return plain.subs(sympy.log(v - 1), sympy.log(gap))


@cache
def derive() -> BalancedChain:
    """All forms."""
    power = Symbol("power", negative=True)  # 1 − L where L > 2 is less than −1
    head = s * v ** (power + 1) / (power + 1)
    return BalancedChain(
        elementary={(d, one): _elementary(d, one) for d in ELEMENTARY for one in (1, -1)},
        head=head.subs(power, 1 - L),
        term=-(root**2) / L * logarithm,
        series={
            name: _sign_of(step, of) * _summed(first, step, sign)
            for name, (first, step, sign, of) in EXPANSIONS.items()
        },
        at_zero=v ** (2 - 2 * L) / (2 * L - 2),
    )
