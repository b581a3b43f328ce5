"""Where a single linear neuron ends on any data: the one point that its law and its branch select.

q moves by combinations of the inputs, and pq ends where the residual is across them: the part v of q in
their span ends with p v = β*, the least-squares solution of least norm, and the other part rests. Of the
law j_p p² + j_q‖q‖² = δ is left, with δ_v that of what moves,

    j_p p⁴ − δ_v p² + j_q ‖β*‖² = 0,     q = q(0) − v(0) + β*/p:

j_p and j_q have opposite signs, and one root p² is positive. The sign of p is that of its branch
(`numeric.methods.lifted.branch`). Nothing is searched for, so no δ is too large: of the two forms of the
root the one without a difference is taken.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from mpmath import MPContext

from numeric.catalogue import load_lift
from numeric.methods.lifted import observed
from numeric.methods.lifted.branch import March, exact_sign
from numeric.methods.lifted.span import dot, independent, least_squares, projected, square
from numeric.methods.lifted.white import Data, Vector
from numeric.methods.riccati.spectrum import number
from numeric.namespaces import Mpmath


class Interpolator:
    """The end of the flow of a and w on any data.

    Args:
        a0, w0, eta_a, eta_w: exact.
        data: XᵀX and Xᵀy.

    Attributes:
        sign: of a at the end: 1 or −1; 0 where neither moves.
        certified: whether the sign is known from exact numbers alone, or was seen along a march.

    Raises:
        InputError: where no sign is found: the loss stays above that of a = 0, as on the way to a saddle.
    """

    def __init__(
        self, a0: Fraction, w0: Vector, eta_a: Fraction, eta_w: Fraction, data: Data
    ) -> None:
        self._a0, self._w0, self._rates, self._data = a0, w0, (eta_a, eta_w), data
        lift = load_lift("single_neuron")
        law = lift.law({"eta_a": eta_a, "eta_w": eta_w})
        places = [row[0] for row in lift.ROWS]
        j_p, j_q = law[places.index("a")], law[places.index("w")]
        self._seen = projected(w0, independent(data.gram))
        self._aim = least_squares(data.gram, data.cross)
        # Of p⁴ − 2 half p² − product = 0.
        moving = a0**2 + j_q / j_p * square(self._seen)
        self._half, self._product = moving / 2, -j_q / j_p * square(self._aim)
        sign = exact_sign(a0, self._seen, moving, data)
        self.certified = sign is not None
        if sign is None:
            sign = March(a0, self._seen, eta_a, eta_w, data).sign()
        self.sign = sign

    def limit(self, bits: int = 100) -> tuple[Any, list[Any]]:
        """a(∞) and w(∞), mpmath numbers of so many bits."""
        mp = MPContext()
        mp.prec = bits + 40
        if self.sign == 0:
            return number(self._a0, mp), [number(z, mp) for z in self._w0]
        half, product = number(self._half, mp), number(self._product, mp)
        root = mp.sqrt(number(self._half**2 + self._product, mp))
        a = self.sign * mp.sqrt(half + root if half >= 0 else product / (root - half))
        rest = [number(z - v, mp) for z, v in zip(self._w0, self._seen, strict=True)]
        return a, [z + number(aim, mp) / a for z, aim in zip(rest, self._aim, strict=True)]

    def observables(self, bits: int = 100) -> dict[str, Any]:
        """Of the end: a, w, mu, phi, loss, residual, and kernel_distance from the start.

        In mpmath numbers, right to about so many bits. The loss is that above the least one where
        ‖y‖² is not known.
        """
        a, w = self.limit(bits)
        mp = a.context

        def of(values: Vector) -> list[Any]:
            return [number(z, mp) for z in values]

        aim, data = self._aim, self._data
        left = self._left_at_rest(aim) if self.sign == 0 else [Fraction(0)] * len(aim)
        least = Fraction(0) if data.squares is None else (data.squares - dot(aim, data.cross)) / 2
        lost = sum(
            (z * dot(row, left) for z, row in zip(left, data.gram, strict=True)), Fraction(0)
        )
        xp = Mpmath(mp)
        return {
            "a": a,
            "w": w,
            "mu": a * observed.norm(w, xp),
            "phi": observed.alignment(w, of(aim), xp),
            "loss": number(lost / 2 + least, mp),
            "residual": of(left),
            "kernel_distance": self._distance(number(self._a0, mp), of(self._w0), a, w, mp),
        }

    def _left_at_rest(self, aim: Vector) -> Vector:
        return [self._a0 * z - x for z, x in zip(self._seen, aim, strict=True)]

    def _distance(self, a0: Any, w0: list[Any], a: Any, w: list[Any], mp: Any) -> Any:
        """1 − ⟨K, K′⟩/(‖K‖‖K′‖) of K = X (η_w a² + η_a w wᵀ) Xᵀ, by traces of XᵀX times that."""
        if self.sign == 0:
            return mp.zero
        size, rates = range(len(w)), [number(z, mp) for z in self._rates]
        G = mp.matrix([[number(z, mp) for z in row] for row in self._data.gram])
        one, two = (
            G * mp.matrix([[rates[0] * v[i] * v[j] + (rates[1] * p * p if i == j else 0) for j in size]
                           for i in size])
            for p, v in ((a0, w0), (a, w))
        )  # fmt: skip

        def inner(A: Any, B: Any) -> Any:
            return mp.fsum(A[i, j] * B[j, i] for i in size for j in size)

        squares = inner(one, one) * inner(two, two)
        return 1 - inner(one, two) / mp.sqrt(squares) if squares else mp.nan
