"""∫ dλ (dt/dλ) towards an equilibrium, by Gauss and Legendre with a bound: Arb's adaptive quadrature.

Near an equilibrium x* the elapsed time grows like λ = log(x*/e), and dt/dλ tends to a constant: the
integrand is meromorphic in λ, its values on complex balls bound the error, and where they do not the
interval is halved. Its cost is that of the places it looks at, a few times the bits over a whole way;
Taylor series (`ball_elapsed`) cost more to make and less to ask.
"""

from __future__ import annotations

import bisect

from flint import acb, arb, ctx

from numeric.methods.warp.ball_motion import AnyMotion, Equilibrium
from numeric.methods.warp.pace import Ending
from numeric.namespaces import UndecidedError

MOST = 12  # places for each bit: thrice what most ways take; what takes more is cut off, and wide


class Quadrature:
    """The elapsed time in units of 1/rate, counted from the nearest coordinate where it is known.

    Args:
        motion: one that this class serves.
    """

    def __init__(self, motion: Equilibrium) -> None:
        self._motion = motion
        self._places, self._totals = [arb(0)], [arb(0)]

    @staticmethod
    def serves(motion: AnyMotion) -> bool:
        """Whether dt/dλ is analytic on the whole way, and has its digits up to the equilibrium."""
        return (
            isinstance(motion, Equilibrium)
            and not motion.edges
            and motion.way.ending is Ending.EXPONENTIAL
            and motion.way.keeps_digits
        )

    def __call__(self, coordinate: arb) -> arb:
        """The integral up to an exact coordinate."""
        after = bisect.bisect_left(self._places, True, key=lambda z: bool(z >= coordinate))
        if after < len(self._places) and self._places[after] == coordinate:
            return self._totals[after]
        known = self._nearest(coordinate, after)
        total = self._totals[known]
        total += self._integral(self._places[known], coordinate, total)
        self._places.insert(after, coordinate)
        self._totals.insert(after, total)
        return total

    def _nearest(self, coordinate: arb, after: int) -> int:
        """Which known place to count from: the one before, or the one after where that is nearer."""
        before = after - 1
        if after == len(self._places):
            return before
        ahead, behind = self._places[after] - coordinate, coordinate - self._places[before]
        return after if ahead < behind else before

    def _integral(self, low: arb, high: arb, so_far: arb) -> arb:
        motion = self._motion

        raised: list[BaseException] = []

        def slowness(place: acb, _analytic: bool) -> acb:
            if raised:
                return acb("nan")
            try:
                if place.imag == 0 and place.real.rad() < narrow:
                    return acb(motion.slowness(place.real))
                return motion.slowness_around(place)
            except UndecidedError:  # of so wide a ball: the interval is halved
                return acb("nan")
            except BaseException as error:  # flint lets none through
                raised.append(error)
                return acb("nan")

        small, narrow = arb(2) ** -ctx.prec, arb(2) ** (-ctx.prec // 2)
        goal = abs(so_far).lower() * small if so_far > 0 else arb(0)
        found = acb.integral(
            slowness,
            acb(low),
            acb(high),
            rel_tol=small,
            abs_tol=goal,
            eval_limit=max(1, MOST * ctx.prec),
        )
        if raised:
            raise raised[0]
        return arb(found.real)


__all__ = ["Quadrature"]
