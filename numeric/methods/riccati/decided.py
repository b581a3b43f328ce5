"""What exact algebra decides of a flow: equal exponents, exponents that are 0, and ranks of a start.

Exponents are roots of the characteristic polynomial of F over ℚ: its factors say which are equal, however
near others are. The start's part in the first n of them has the rank of e = Q₀ᵀ S P Q₀, P their
projector. Exact ranks of rational projectors bound it from above. Where that is not enough, a minor
that is not 0 cannot be small: with F, Q₀ and S of whole numbers (c F, d Q₀, s S), R the product of all
λ − μ across the cut, R P has entries that are algebraic integers (Bézout), so has Rᵏ times the k-th
elementary symmetric function of e, and the product of its conjugates is a whole number, 1 or more. P
being orthogonal in S, each conjugate is at most W^(k n (N − n)) τᵏ, W the spread of the exponents of c F
and τ the trace of e with P = 1: that says how many bits tell it from 0.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import comb, lcm, prod
from typing import Any

from flint import fmpq, fmpq_mat, fmpq_poly, fmpz_poly

from numeric.methods.riccati.given import Given, Matrix, product, transposed


class Roots:
    """The eigenvalues of a rational matrix that are all real, in decreasing order.

    They are told apart by halving intervals: a polynomial with real roots alone has as many above x as
    p(x + y) has changes of sign (Descartes).

    Attributes:
        factors: irreducible over ℚ, of the characteristic polynomial.
        sizes: the multiplicity of each eigenvalue.
        owner: of each, the place of its factor.
        zero: the place of the eigenvalue 0; None where there is none.
    """

    def __init__(self, A: Matrix) -> None:
        found = rational(A).charpoly().numer().factor()[1]
        self.factors = [p for p, _ in found]
        bound = 1 + max(sum(map(abs, row), Fraction(0)) for row in A)  # Gershgorin
        self.owner = self._owners(-bound, bound)
        self.sizes = [int(found[k][1]) for k in self.owner]
        nothing = (n for n, k in enumerate(self.owner) if self.factors[k] == fmpz_poly([0, 1]))
        self.zero = next(nothing, None)

    def _owners(self, low: Fraction, high: Fraction) -> list[int]:
        """The factors of roots, decreasing, of an interval that has them all."""
        none = [0] * len(self.factors)
        waiting = [(low, high, self._above(low), none)]
        found: list[int] = []
        while waiting:
            low, high, below, above = waiting.pop()
            within = [a - b for a, b in zip(below, above, strict=True)]
            if sum(within) == 1:
                found.append(within.index(1))
            elif any(within):
                middle = (low + high) / 2
                half = self._above(middle)
                waiting += [(low, middle, below, half), (middle, high, half, above)]
        return found

    def _above(self, x: Fraction) -> list[int]:
        """How many roots of each factor are above a number."""
        return [_changes(fmpq_poly(p)(fmpq_poly([_flint(x), 1]))) for p in self.factors]

    @property
    def repeated(self) -> list[int]:
        """The multiplicity of each eigenvalue, as often as it is one."""
        return [size for size in self.sizes for _ in range(size)]


class Ranks:
    """What is known exactly of the ranks that a start has in the modes of a flow.

    Attributes:
        roots: of F.
    """

    def __init__(self, flow: Given) -> None:
        self._flow, self.roots = flow, Roots(flow.F)

    def most(self, first: int) -> int:
        """What the rank of the start in the first n exponents cannot exceed."""
        owner = self.roots.owner[:first]
        each = zip(self.roots.sizes[:first], owner, strict=True)
        return min(
            self._rank(frozenset(owner)), sum(min(n, self._rank(frozenset([k]))) for n, k in each)
        )

    def _rank(self, factors: frozenset[int]) -> int:
        """Of the start in all exponents that are roots of some factors: exact."""
        if factors not in self._known:
            left: Any = rational(self._flow.start)
            for k, p in enumerate(self.roots.factors):
                if k not in factors:
                    left = _applied(p, self._F, left)
            self._known[factors] = int(left.rank())
        return self._known[factors]

    @cached_property
    def _known(self) -> dict[frozenset[int], int]:
        return {}

    @cached_property
    def _F(self) -> Any:
        return rational(self._flow.F)

    def bits(self, first: int, rank: int) -> int:
        """In so many bits a start that has this rank in the first n exponents shows it.

        That is, the symmetric function of e of this order is 0, or above 2^−bits of the trace's power.
        """
        F, start, S = self._flow.F, self._flow.start, self._flow.S
        c, d, s = (lcm(*(z.denominator for row in A for z in row)) for A in (F, start, S))
        width = (
            2 * c * max(sum(map(abs, row), Fraction(0)) for row in F)
        )  # W, by Gershgorin's circles
        e = product(transposed(start), product(S, start))
        trace = d * d * s * sum((e[n][n] for n in range(len(e))), Fraction(0))
        owner = self.roots.owner
        conjugates = prod(
            comb(owner.count(k), owner[:first].count(k)) for k in range(len(self.roots.factors))
        )
        across = first * (len(owner) - first)
        return conjugates * rank * (across * _logarithm(width) + _logarithm(trace))


def rank(A: Matrix) -> int:
    """The rank of a rational matrix."""
    return int(rational(A).rank())


def rational(A: Matrix) -> Any:
    """A matrix of flint's fractions."""
    return fmpq_mat([[_flint(z) for z in row] for row in A])


def _flint(value: Fraction) -> Any:
    return fmpq(value.numerator, value.denominator)


def _changes(p: Any) -> int:
    """Changes of sign along the coefficients that are not 0."""
    signs = [z > 0 for z in p.coeffs() if z != 0]
    return sum(a != b for a, b in pairwise(signs))


def _applied(p: Any, F: Any, Q: Any) -> Any:
    """p(F) Q."""
    found = 0 * Q
    for z in reversed(p.coeffs()):
        found = F * found + z * Q
    return found


def _logarithm(value: Fraction) -> int:
    """A whole number that log₂ of a number, and 0, do not exceed."""
    return max(0, value.numerator.bit_length() - value.denominator.bit_length() + 1)
