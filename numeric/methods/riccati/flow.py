"""A Riccati flow as an object: in float64 and in tensors, and exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from numeric.data.arrays import Floats
from numeric.errors import InputError
from numeric.methods.riccati.balls import Enclosed, enclosed
from numeric.methods.riccati.constants import BITS, WIDE_BITS, Constants, Source
from numeric.methods.riccati.crossing import first_zero
from numeric.methods.riccati.exact import Exact
from numeric.methods.riccati.given import Given, given
from numeric.methods.riccati.moving import Entries, Moved
from numeric.methods.riccati.remaining import end_state, in_modes, lacking, limit
from numeric.methods.riccati.spectrum import number
from numeric.methods.riccati.turning import end, is_decoupled, marched


class RiccatiFlow:
    """dQ/dt = F Q − Q Qᵀ S Q, S > 0 and S F symmetric, on a leaf Qᵀ J Q = λ 1 of its law.

    QQᵀ at any time, its limit and what is left to it, of any number of hidden units (columns of Q); Q
    itself of one. Of more, Q is QQᵀ's root turned by a rotation that depends on the path and in general
    has no closed form: then `weights` march it.

    Args:
        F, S, start, law: exact numbers, as `numeric.methods.riccati.given.given` reads them.

    Attributes:
        given: as read.
        constants: in float64.
    """

    def __init__(self, F: Any, S: Any, start: Any, law: tuple[Any, Any] | None = None) -> None:
        self.given: Given = given(F, S, start, law)
        self._source = Source(self.given)
        self.constants: Constants = self._source.constants(BITS, WIDE_BITS)[0].converted(float)

    def square(self, t: Any, xp: Any = np) -> Any:
        """QQᵀ, shape (*times, r, r).

        Args:
            t: times t ≥ 0: an array of numpy, or a float64 tensor of torch, which may want gradients.
            xp: numpy, or torch.
        """
        t = _times(t, xp)
        moved = Moved(self.constants, t, xp)
        if not self.constants.pivots:
            return _stacked(moved.square(), xp)
        rows = _stacked(moved.factor, xp)
        return xp.swapaxes(rows, -1, -2) @ rows

    def remaining(self, t: Any) -> Floats:
        """QQᵀ − lim QQᵀ, shape (*times, r, r), right relative to its size however small."""
        times, c = np.asarray(t, dtype=np.float64), self.constants
        flat = times.ravel()
        found = np.empty((flat.size, *np.shape(c.vectors)))
        counts = np.sum(np.greater.outer(flat, c.settling), axis=-1, dtype=int)
        counts = np.maximum(counts, c.near)
        for first in np.unique(counts):
            at = counts == first
            found[at] = self._remaining(flat[at], int(first))
        return found.reshape(*times.shape, *found.shape[1:])

    def _remaining(self, t: Floats, first: int) -> Any:
        if not first:
            return self.square(t) - self.limit()
        B: Floats = np.array(self.constants.vectors)
        return B @ _stacked(in_modes(Moved(self.constants, t, np), first, t), np) @ B.T

    def limit(self) -> Floats:
        """The limit of QQᵀ, r × r."""
        return np.array(limit(self.constants))

    def lacking(self) -> Floats:
        """What the limit of QQᵀ lacks of the largest that any start has, r × r."""
        return np.array(lacking(self.constants))

    @property
    def is_proved(self) -> bool:
        """Whether exact numbers prove which modes the start has: else 60000 bits only make it likely."""
        return self._source.is_proved

    def state(self, t: Any, xp: Any = np) -> Any:
        """Q of one hidden unit, shape (*times, r)."""
        self._require_one_unit()
        t = _times(t, xp)
        rows = Moved(self.constants, t, xp).factor or [[0 * t] * len(self.given.start)]
        return xp.stack(rows[0], -1)

    def limit_state(self) -> Floats:
        """The limit of Q of one hidden unit, r numbers."""
        self._require_one_unit()
        return np.array(end_state(self.constants, np))

    @property
    def is_decoupled(self) -> bool:
        """Whether hidden units do not turn, and Q is closed: one unit, rank one, aligned starts."""
        return is_decoupled(self.constants)

    def weights(self, t: Any) -> Floats:
        """Q, shape (*times, r, h), of any number of hidden units; marched where they turn.

        QQᵀ is then the closed one, and the turn is right to 1e-10.

        Raises:
            InputError: where they turn for too many steps of the march.
        """
        times, c = np.asarray(t, dtype=np.float64), self.constants
        shape = (*times.shape, len(self.given.start), len(self.given.start[0]))
        if not c.pivots:
            return np.zeros(shape)
        flat = times.ravel()
        factors: Floats = _stacked(Moved(c, flat, np).factor, np)
        if self.is_decoupled:
            turn: Floats = np.array(c.turn if len(c.turn) > 1 else [[1.0]])
            return (np.swapaxes(factors, -1, -2) @ turn.T).reshape(shape)
        F, S = (
            np.array([[float(z) for z in row] for row in A]) for A in (self.given.F, self.given.S)
        )
        return marched(F, S, c, factors, flat).reshape(shape)

    def limit_weights(self) -> Floats:
        """The limit of Q where hidden units do not turn."""
        return np.array(end(self.constants, np.sqrt))

    def zero(self, row: int, bits: int = BITS) -> Any:
        """The time t > 0 at which a row of Q of one hidden unit passes 0; None where it does not.

        Args:
            row: of Q.
            bits: of the mpmath number that is returned.

        Raises:
            InputError: where more than three different exponents move the row, or it touches 0.
        """
        self._require_one_unit()
        c, context = self._source.constants(bits)
        begins_at_zero = not self.given.start[row][0]  # then it is 0 at no other time
        return None if begins_at_zero or not c.pivots else _zero(c, row, context)

    def exactly(self, t: Fraction, bits: int) -> Exact:
        """The flow at one time, in mpmath numbers of so many bits."""
        c, context = self._source.constants(bits)
        start = [[number(z, context) for z in row] for row in self.given.start]
        return Exact(c, number(t, context), context, start)

    def enclosed(self, t: Fraction, digits: int) -> dict[str, Any]:
        """`square`, and of one hidden unit `state`, in Arb balls that contain them.

        The radius is below 10^−digits of the largest entry.

        Raises:
            InputError: for a start off its leaf, and for times too long: see `balls`.
        """
        is_one = len(self.given.start[0]) == 1

        def read(at: Enclosed) -> dict[str, Any]:
            return {"square": at.square} | ({"state": at.state()} if is_one else {})

        return enclosed(self.given, t, digits, read)

    def _require_one_unit(self) -> None:
        width = len(self.given.start[0])
        if width != 1:
            found = f"{width} hidden units"
            raise InputError("the state Q", found, "one: of more, QQᵀ does not say how Q is turned")


def _zero(c: Constants, row: int, mp: Any) -> Any:
    terms: dict[Any, Any] = {}
    for f, b, (g,) in zip(c.exponents, c.vectors[row], c.parts, strict=True):
        if b and g:
            terms[f] = terms.get(f, mp.zero) + b * g
    return first_zero(sorted(((f, z) for f, z in terms.items() if z), reverse=True), mp)


def _times(t: Any, xp: Any) -> Any:
    return np.asarray(t, dtype=np.float64) if xp is np else t


def _stacked(entries: Entries, xp: Any) -> Any:
    """A matrix of arrays as an array of matrices."""
    return xp.stack([xp.stack(row, -1) for row in entries], -2)
