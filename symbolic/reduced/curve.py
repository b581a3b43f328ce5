"""One field alone: the curve (dw/ds)² = q(w; laws) that a coordinate runs on, and its genus.

Where one coefficient c of the outputs moves some weights alone, these run along ∇c in its warp s. If
its laws leave one variable, a coordinate w whose squared velocity is a polynomial q in w and the laws
runs on a hyperelliptic curve p² = q(w), p = dw/ds, of genus ⌊(d − 1)/2⌋, d the degree of q without its
square factors. Genus 0 is elementary, 1 elliptic. Coordinates of one flow may run on curves of different
genus (a² on a quotient of p² = ∏(a² − E_j)): the least one found says what is needed.
In time, for any loss, dt = dw/(p · speed · r), r the signal: for half a square r = y − ρ c(w, p).
"""

from __future__ import annotations

import itertools
import math
import operator
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sympy
from flint import fmpq, fmpq_mat, fmpz_mat, nmod_mat
from sympy import Expr, Poly, Symbol

from symbolic.architecture.fields import terms
from symbolic.laws.absorbed import number
from symbolic.laws.ring import Poly as Polynomial
from symbolic.laws.ring import PolynomialField, Ring
from symbolic.proof.null_space import PRIME, pivots_of

MOST, SPARE, LARGEST = 2000, 5, 9  # products, points beside as many, their size


@dataclass(frozen=True)
class Curve:
    """p² = q(w), p = dw/ds, and the output on it.

    Attributes:
        w, p: symbols of the coordinate and its velocity.
        coordinate: w, a polynomial in absorbed weights.
        velocity: dw/ds, one too.
        laws: E_1 …, polynomials in absorbed weights, by symbol.
        square: q, in w and the E.
        output: c, in w, p and the E.
        genus: at generic values of the laws.
        is_rational: whether q is a square, and so p a polynomial in w.
    """

    w: Symbol
    p: Symbol
    coordinate: Polynomial
    velocity: Polynomial
    laws: dict[Symbol, Polynomial]
    square: Expr
    output: Expr
    genus: int
    is_rational: bool

    @property
    def kind(self) -> str:
        """Elementary, elliptic or hyperelliptic."""
        names = {0: "elementary (genus 0)", 1: "elliptic (genus 1)"}
        return names.get(self.genus, f"hyperelliptic (genus {self.genus})")

    def velocities(self, signal: Expr) -> tuple[Expr, Expr]:
        """(dw/dt, dp/dt) = signal · (p, q′(w)/2), without roots and their signs.

        Args:
            signal: ds/dt, in w, p and the E.
        """
        return signal * self.p, signal * sympy.diff(self.square, self.w) / 2


@dataclass(frozen=True)
class Letters:
    """Symbols of the coordinate, its velocity, and the laws, which are numbered."""

    w: Symbol
    p: Symbol
    E: str


LETTERS = Letters(Symbol("w", real=True), Symbol("p", real=True), "E")


def curves(
    ring: Ring, c: Polynomial, laws: Sequence[Polynomial], letters: Letters = LETTERS
) -> list[Curve]:
    """All curves of the coordinates that are tried: weights, their squares, and c where these fail.

    Args:
        ring: of absorbed weights.
        c: the coefficient.
        laws: independent; one fewer than the weights in c.
        letters: that no weight has.
    """
    field = {i: slope for i in range(len(ring.generators)) if (slope := c.derivative(i)) != 0}
    own = [ring.generators[i] for i in field]
    E = {Symbol(f"{letters.E}_{k}", real=True): law for k, law in enumerate(laws, 1)}
    for tried in ([*own, *(g**2 for g in own)], [c]):
        found = [_curve(ring, one, field, c, E, letters) for one in tried]
        if kept := [one for one in found if one is not None]:
            return kept
    return []


def simplest(found: Sequence[Curve]) -> Curve | None:
    """Of the least genus; of these, one whose velocity is rational, and of the least degree."""
    return min(
        found,
        key=lambda one: (one.genus, not one.is_rational, sympy.degree(one.square, one.w)),
        default=None,
    )


def _curve(
    ring: Ring,
    coordinate: Polynomial,
    field: PolynomialField,
    c: Polynomial,
    E: dict[Symbol, Polynomial],
    letters: Letters,
) -> Curve | None:
    w, p = letters.w, letters.p
    velocity = ring.along(coordinate, field)
    names: list[Expr] = [w, *E]
    square = _in_terms(ring, names, [coordinate, *E.values()], velocity * velocity)
    if square is None:
        return None
    output = _in_terms(ring, [w, p, *E], [coordinate, velocity, *E.values()], c, at_most={p: 1})
    if output is None:
        return None
    genus, rational = genus_of(square, w)
    return Curve(w, p, coordinate, velocity, E, square, output, genus, rational)


def genus_of(square: Expr, w: Symbol) -> tuple[int, bool]:
    """Of p² = square(w): the genus, and whether the square is one of a polynomial, up to a factor."""
    odd = [f for f, e in sympy.factor_list(square, w)[1] if e % 2 and f.has(w)]
    degree = sum(Poly(f, w).degree() for f in odd)
    return max(0, (degree - 1) // 2), not odd


def _in_terms(
    ring: Ring,
    names: Sequence[Expr],
    values: Sequence[Polynomial],
    target: Polynomial,
    at_most: dict[Expr, int] | None = None,
) -> Expr | None:
    """A polynomial in others; None where it is none of its degree, or there are too many products.

    Coefficients are found from values at points, modulo a prime and then exactly, and are proved by
    expansion.
    """
    bounds = [(at_most or {}).get(name) for name in names]
    degrees = [max(1, _degree(one)) for one in values]
    alike = all(map(_is_homogeneous, (*values, target)))
    basis = [
        m
        for m in itertools.islice(_exponents(degrees, bounds, _degree(target)), MOST + 1)
        if not alike or sum(map(operator.mul, m, degrees)) == _degree(target)
    ]
    if not basis or len(basis) > MOST:
        return None
    matrix = _at_points(basis, values, target)
    last, modular = len(basis), nmod_mat(matrix, PRIME)
    if last in pivots_of(*modular.rref()):
        return None
    reduced, rank = fmpq_mat(matrix).rref()
    pivots = pivots_of(reduced, rank)
    if last in pivots:
        return None
    solution = {basis[j]: reduced[i, last] for i, j in enumerate(pivots) if reduced[i, last] != 0}
    rest = target
    for exponents, coefficient in solution.items():
        product = ring.context.constant(1) * coefficient
        for value, e in zip(values, exponents, strict=True):
            product = product * value**e
        rest = rest - product
    if rest != 0:
        return None
    return sympy.Add(
        *(
            number(c) * sympy.Mul(*(name**e for name, e in zip(names, m, strict=True)))
            for m, c in solution.items()
        )
    )


def _at_points(
    basis: Sequence[tuple[int, ...]], values: Sequence[Polynomial], target: Polynomial
) -> fmpz_mat:
    """Values of the products and of the target at more points than there are products."""
    draw, rows = random.Random(0), []
    scale = math.lcm(*(int(c.q) for c in terms(target).values()))
    for _ in range(len(basis) + SPARE):
        point = [draw.randint(-LARGEST, LARGEST) for _ in range(len(target.context().gens()))]
        at = [_value(one, point) for one in values]
        row = [math.prod((v**e for v, e in zip(at, m, strict=True)), start=fmpq(1)) for m in basis]
        rows.append([*row, _value(target, point)])
    common = math.lcm(scale, *(int(v.q) for row in rows for v in row))
    return fmpz_mat([[int((v * common).p) for v in row] for row in rows])


def _value(one: Polynomial, point: Sequence[int]) -> fmpq:
    return sum(
        (
            c * math.prod(v**e for v, e in zip(point, m, strict=True) if e)
            for m, c in terms(one).items()
        ),
        fmpq(0),
    )


def _degree(one: Polynomial) -> int:
    return max((sum(m) for m in terms(one)), default=0)


def _is_homogeneous(one: Polynomial) -> bool:
    return len({sum(m) for m in terms(one)}) <= 1


def _exponents(
    degrees: Sequence[int], bounds: Sequence[int | None], degree: int
) -> Iterator[tuple[int, ...]]:
    """Exponents of products up to a degree, each up to its bound."""
    if not degrees:
        yield ()
        return
    most = degree // degrees[0]
    for e in range((most if bounds[0] is None else min(bounds[0], most)) + 1):
        for rest in _exponents(degrees[1:], bounds[1:], degree - e * degrees[0]):
            yield (e, *rest)
