"""The clock of a chain as an integral in u, x = x* − (x* − x₀) e^{−u}, enclosed.

    t = ∫₀ᵘ (x* − x) du / (H (Y − x R) R),

smooth to its end. It serves where the closed form of a solved depth is 0/0: from products of −y, and
where two roots of P = Y² meet.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from flint import acb, arb

from numeric.methods.chains.balls import ball, root
from numeric.methods.chains.exact import Chain


def elapsed(chain: Chain, end: arb, whole: arb, u: arb) -> arb:
    """The time at u.

    Args:
        chain: that moves.
        end: x*.
        whole: x* − x₀.
        u: of the place.
    """
    places = [arb(0), u]
    if chain.sign < 0 < end:
        across = (whole / end).log().mid()
        places = [arb(0), across, u] if u > across else places
    total, is_beyond = arb(0), chain.sign >= 0
    for first, last in pairwise(places):
        total += acb.integral(_Speed(chain, end, whole, is_beyond), acb(first), acb(last)).real
        is_beyond = True
    return total / ball(chain.H)


def pull(chain: Chain, end: Any, end_radius: Any, x: Any, R: Any) -> Any:
    """(Y − x R)/(x* − x) in sums of what is positive where x is: R² − R*² is divided, exactly.

    Args:
        chain: that ends at its target, Y > 0.
        end: x*.
        end_radius: R there.
        x: the place.
        R: there.
    """
    rest, z, last = 0 * x, x * x, end * end
    for k in range(len(chain.others)):
        term = 0 * x + 1
        for j, c in enumerate(chain.others):
            if j != k:
                term *= (last if j < k else z) + ball(c)
        rest += term
    return end_radius + x * (end + x) * rest / (end_radius + R)


class _Speed:
    """H dt/du of complex u."""

    def __init__(self, chain: Chain, end: arb, whole: arb, is_beyond: bool) -> None:
        self.chain, self.end, self.whole, self.is_beyond = chain, acb(end), whole, is_beyond
        self.Y = root(chain.level)

    def __call__(self, u: acb, analytic: bool) -> acb:
        gap = (-u).exp() * self.whole
        x = self.end - gap
        R = self._radius(x, analytic)
        if self.is_beyond and not self.chain.ends_at_saddle:
            return 1 / (pull(self.chain, self.end, self._radius(self.end, False), x, R) * R)
        return gap / ((self.Y - x * R) * R)

    def _radius(self, x: acb, analytic: bool) -> acb:
        found = acb(1)
        for c in self.chain.others:
            if c == 0:
                found *= x if self.is_beyond else -x
            else:
                found *= (x * x + ball(c)).sqrt(analytic=analytic)
        return found
