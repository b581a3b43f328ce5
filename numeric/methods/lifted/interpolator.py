"""Where a single linear neuron ends on any data: the one point that its potential selects.

q moves by combinations of the inputs, and the law gives p by q but for its sign; so with columns V that
span the inputs p q solves the equations of least squares at

    q = q(0) + V z,     p = s √((δ − j_q ‖q‖²)/j_p),     Vᵀ (XᵀX p q − Xᵀy) = 0:

as many equations as unknown z. For each sign s there is one solution at most: it is where a strictly
convex potential is least (`symbolic.lift.mirror`). So a solution with the sign that p has at the end is
the end, however it was found. That sign is known where δ of the rows that move is positive and
p(0) ≠ 0, and as soon as the loss is below that of p = 0, which it cannot rise to again; where δ is 0, a
flow may also end in the saddle p = 0, which its loss tells.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from mpmath import MPContext

from numeric.catalogue import load_lift
from numeric.data.arrays import Floats
from numeric.errors import InputError
from numeric.methods.lifted import observed
from numeric.methods.lifted.marched import march
from numeric.methods.lifted.span import dot, independent, least_squares, projected, square
from numeric.methods.lifted.white import Data, Vector
from numeric.methods.riccati.spectrum import number
from numeric.namespaces import Mpmath

SADDLE = "a start that is not on the way to a saddle"
LONGEST, NEWTON, FACTOR = 40, 60, 4.0  # marches, steps of one search, by which a march is longer


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
        self._law = law[places.index("a")], law[places.index("w")]
        self._delta = self._law[0] * a0**2 + self._law[1] * square(w0)
        self._columns = independent(data.gram)
        frozen = square(w0) - square(projected(w0, self._columns))
        self._moving = self._delta - self._law[1] * frozen
        self._reached, sign = 0.0, self._exact_sign()
        self.certified = sign is not None or self._moving == 0  # a leaf on which a keeps its sign
        self.sign = self._seen_sign() if sign is None else sign

    def _exact_sign(self) -> int | None:
        a0, cross = self._a0, self._data.cross
        pull = sum((x * y for x, y in zip(self._w0, cross, strict=True)), Fraction(0))
        if a0 == 0:
            return (pull > 0) - (pull < 0)  # at 0 nothing moves: a saddle
        if self._moving > 0 or self._above_zero() < 0:
            return 1 if a0 > 0 else -1
        return None

    def _above_zero(self) -> Fraction:
        """How far the loss at the start is above that of a = 0."""
        beta = [self._a0 * w for w in self._w0]
        moved = [dot(row, beta) for row in self._data.gram]
        return dot(beta, moved) / 2 - dot(beta, self._data.cross)

    def _seen_sign(self) -> int:
        time = self._pace()
        for _ in range(LONGEST):
            w, a = self._at(time)
            beta = a * w
            gram, cross = self._floats()
            if beta @ gram @ beta / 2 - beta @ cross < 0:
                self._reached = time
                return 1 if a > 0 else -1
            time *= FACTOR
        found = f"a loss above that of a = 0 until t = {time:.3g}"
        raise InputError("the end of the flow", found, SADDLE)

    def _pace(self) -> float:
        gram, _ = self._floats()
        return 1 / (
            float(max(self._rates)) * float(np.linalg.norm(gram)) * (1 + float(abs(self._delta)))
        )

    def _floats(self) -> tuple[Floats, Floats]:
        gram = np.array([[float(z) for z in row] for row in self._data.gram])
        return gram, np.array([float(z) for z in self._data.cross])

    def _at(self, time: float) -> tuple[Floats, float]:
        gram, cross = self._floats()
        start = np.array([[float(z) for z in self._w0]])
        rates = float(self._rates[1]), float(self._rates[0])
        ((w, a),) = march(
            start, np.array([[float(self._a0)]]), rates, gram, cross[None, :], np.array([time])
        )
        return w[0], float(a[0, 0])

    def limit(self, bits: int = 100) -> tuple[Any, list[Any]]:
        """a(∞) and w(∞), mpmath numbers of so many bits.

        Raises:
            InputError: where the search does not settle.
        """
        mp = MPContext()
        mp.prec = bits + 40
        if self.sign == 0:
            return number(self._a0, mp), [number(z, mp) for z in self._w0]
        time = max(self._reached, self._pace())
        for _ in range(LONGEST):
            w, _ = self._at(time)
            found = self._settled(w, mp)
            if found is not None:
                return found
            time *= FACTOR
        raise InputError(
            "the end of the flow", f"no end near what a march reaches by t = {time:.3g}", SADDLE
        )

    def observables(self, bits: int = 100) -> dict[str, Any]:
        """Of the end: a, w, mu, phi, loss, residual, and kernel_distance from the start.

        In mpmath numbers, right to about so many bits. The loss is that above the least one where
        ‖y‖² is not known. Raises InputError as `limit` does.
        """
        a, w = self.limit(bits)
        mp = a.context

        def of(values: Vector) -> list[Any]:
            return [number(z, mp) for z in values]

        aim, data = least_squares(self._data.gram, self._data.cross), self._data
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
        seen = projected(self._w0, self._columns)
        return [self._a0 * z - x for z, x in zip(seen, aim, strict=True)]

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

    def _settled(self, near: Floats, mp: Any) -> tuple[Any, list[Any]] | None:
        """Newton's method from a point of a march; None where it does not converge to a solution."""
        V = mp.matrix([[number(z, mp) for z in row] for row in zip(*self._columns, strict=True)])
        w0 = mp.matrix([number(z, mp) for z in self._w0])
        G = mp.matrix([[number(z, mp) for z in row] for row in self._data.gram])
        g = mp.matrix([number(z, mp) for z in self._data.cross])
        j_p, j_q, delta = (number(z, mp) for z in (*self._law, self._delta))
        z = mp.lu_solve(V.T * V, V.T * (mp.matrix([mp.mpf(float(x)) for x in near]) - w0))
        size, last = mp.norm(V.T * g), mp.inf
        for _ in range(NEWTON):
            q = w0 + V * z
            p_square = (delta - j_q * (q.T * q)[0]) / j_p
            if not p_square > 0:
                return None
            p = self.sign * mp.sqrt(p_square)
            rest = V.T * (G * q * p - g)
            left = mp.norm(rest)
            if left <= mp.ldexp(size, -(mp.prec - 20)):
                return p, list(q)
            if not left < last:
                return None
            last = left
            slope = V.T * G * (p * V - q * (j_q / j_p / p) * (V.T * q).T)
            try:
                z = z - mp.lu_solve(slope, rest)
            except ZeroDivisionError:  # singular but for the bits: not near an end
                return None
        return None
