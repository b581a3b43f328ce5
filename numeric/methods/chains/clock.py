"""The time at which a chain is at x, H t up to a constant, by the closed form of its kind.

| chain | clock |
|---|---|
| balanced | logarithms over the roots of unity |
| of depth 2 | logarithms of (x + R)² |
| y = 0 | partial fractions of 1/P |
| of depth 3 and 4 | logarithms and R_J over the roots of P = Y² |

In balls at the precision that flint has. Where x is near the target, its distance `gap` = x* − x is what
counts, and is an argument beside x.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flint import acb, arb, ctx, fmpq, fmpq_poly

from numeric.generated.chains import clock as forms
from numeric.methods.chains.balls import XP, ball, root
from numeric.methods.chains.exact import Chain
from numeric.namespaces import UndecidedError

Antiderivative = Callable[[arb, arb, int], arb]
DEEPEST = 4
SOLVED = "a balanced chain (all a_l²/η_l equal), one of depth 4 or less, or y = 0"


class NoClockError(ValueError):
    """No closed form of the time is known; the message says what would make it one."""


@dataclass(frozen=True)
class Place:
    """Where x ends, at the present precision.

    Attributes:
        end: x*.
        radius: R there.
    """

    end: arb
    radius: arb


def place(chain: Chain) -> Place:
    """Where x ends: at x R = Y, or at 0."""
    if chain.ends_at_saddle or chain.level == 0:
        end = arb(0)
    elif chain.is_balanced:
        end = ball(chain.level).root(2 * chain.depth)
    else:
        end = positive_root(chain, chain.level).sqrt()
    return Place(end, radius(chain, end))


def radius(chain: Chain, x: arb) -> arb:
    """R = √∏ (x² + c_l), without the least factor."""
    found = arb(1)
    for c in chain.others:
        found *= x if c == 0 else (x * x + ball(c)).sqrt()
    return abs(found)


def polynomial(chain: Chain, level: fmpq) -> fmpq_poly:
    """P(z) − level."""
    found = fmpq_poly([1])
    for c in chain.c:
        found *= fmpq_poly([c, 1])
    return found - level


def positive_root(chain: Chain, level: fmpq) -> arb:
    """The z > 0 with P(z) = level > 0."""
    for one, _ in polynomial(chain, level).complex_roots():
        if one.imag == 0 and one.real > 0:
            return one.real
    raise UndecidedError("the root of P = Y²")


def antiderivative(chain: Chain) -> Antiderivative | None:
    """H t as a function of x, of x* − x and of the side ±1 of 0, up to a constant of each side.

    None where that of a solved depth is 0/0: where two roots of P = Y², or the two greatest of four
    factors, meet.

    Raises:
        NoClockError: where no closed form is known.
    """
    if chain.is_balanced:
        return partial(_balanced, chain)
    if chain.depth == 2:
        return partial(_two, chain)
    if chain.level == 0:
        return _rational(chain)
    if chain.depth <= DEEPEST:
        return _elliptic(chain)
    raise NoClockError(f"found an unbalanced chain of depth {chain.depth}; solved is {SOLVED}")


def has_legs(chain: Chain) -> bool:
    """Whether a constant of its own belongs to each side of x = 0."""
    return not chain.is_balanced and chain.depth > 2 and chain.level != 0


def _balanced(chain: Chain, x: arb, gap: arb, side: int) -> arb:
    """In v = |x|/k; the rate over H is |Y| k^(L−2)."""
    L = arb(chain.depth)
    size = abs(x)
    if chain.level == 0:
        return forms.balanced_at_zero(size, L, XP)
    unit = ball(chain.level).root(2 * chain.depth)
    v = size / unit
    toward = chain.sign > 0
    # At most one of the roots is positive: 1, where v − 1 is known by the gap.
    found = acb(v.log() if chain.depth == 2 else forms.balanced_head(v, L, 1, XP))
    found = found if toward else -found
    for k in range(chain.depth):
        angle = arb(2 * k + (0 if toward else 1)) / chain.depth
        one = acb(angle.cos_pi(), angle.sin_pi())
        log = acb((abs(gap) / unit).log()) if toward and k == 0 else (1 - v / one).log()
        found += forms.balanced_term(one, log, acb(L), XP)
    return found.real / (root(chain.level) * unit ** (chain.depth - 2))


def _two(chain: Chain, x: arb, gap: arb, side: int) -> arb:
    """In q = (x + R)², q₊ − q from the gap where x is near its end."""
    (c,) = map(ball, chain.others)
    Y, R = root(chain.level), radius(chain, x)
    D = (4 * ball(chain.level) + c * c).sqrt()
    end = place(chain)
    x_R = x + R if side > 0 else c / (R - x)
    rest = gap * (1 + (end.end + x) / (end.radius + R)) * (end.end + end.radius + x_R)
    lowest = c * c / (2 * Y + D)  # −q₋
    return forms.two(x_R * x_R + lowest, abs(rest), D, XP)


def _rational(chain: Chain) -> Antiderivative:
    """Exact partial fractions of 1/P, factor by factor."""
    parts = []
    for c in sorted(set(chain.c)):
        times = chain.c.count(c)
        series = _inverse([one - c for one in chain.c if one != c], times)
        parts += [(ball(c), times - k, ball(series[k])) for k in range(times)]

    def time(x: arb, gap: arb, side: int) -> arb:
        found = arb(0)
        for c, power, weight in parts:
            factor = x * x + c
            term = forms.simple(factor, XP) if power == 1 else forms.power(factor, arb(power), XP)
            found += weight * term
        return -found / 2

    return time


def _inverse(shifts: list[fmpq], terms: int) -> list[fmpq]:
    """The power series of 1/∏ (u + shift)."""
    found = [fmpq(1)] + [fmpq(0)] * (terms - 1)
    for shift in shifts:
        for k in range(terms):
            found[k] = (found[k] - (found[k - 1] if k else 0)) / shift
    return found


def _elliptic(chain: Chain) -> Antiderivative | None:
    """The sum over the roots of P = Y²."""
    found = polynomial(chain, chain.level).complex_roots()
    is_double = chain.depth == DEEPEST and chain.c.count(max(chain.c)) > 1
    if is_double or any(times > 1 for _, times in found):
        return None
    roots = [one for one, _ in found]
    end = place(chain).end
    Y = acb(root(chain.level))
    terms = []
    for k, one in enumerate(roots):
        others = acb(1)
        for j, other in enumerate(roots):
            others *= one - other if j != k else 1
        is_real = one.imag == 0
        is_end = is_real and not chain.ends_at_saddle and bool(one.real > 0)
        if is_real or one.imag > 0:  # of two conjugates the real part is the same
            terms.append((one, others, is_end, is_real))

    def time(x: arb, gap: arb, side: int) -> arb:
        z, total = x * x, arb(0)
        for r, others, is_end, is_real in terms:
            rest = acb(-gap * (end + x)) if is_end else z - r
            log = acb(abs(rest.real).log()) if is_real else rest.log()
            found = _term(chain, z, r, rest, log, others, Y, side).real
            total += found if is_real else 2 * found
        return total

    return time


def _term(
    chain: Chain, z: arb, r: acb, rest: acb, log: acb, others: acb, Y: acb, sigma: int
) -> acb:
    if chain.depth == 3:
        x_1, x_2, x_3 = (z + ball(c) for c in chain.c)
        return forms.three(x_1, x_2, x_3, rest, log, others, Y, sigma, XP)
    e = max(chain.c)
    w, below = 1 / (z + ball(e)), [c for c in chain.c if c != e]
    d_1, d_2, d_3 = (ball(e - c) for c in below)
    # 1/d − w = (z + c)/(d (z + e)), and so at the root.
    x_1, x_2, x_3 = (w * (z + ball(c)) / ball(e - c) for c in below)
    p = rest * w / (r + ball(e))
    return forms.four(
        x_1, x_2, x_3, p, log, others, Y, sigma, r, ball(e), d_1, d_2, d_3, 1, XP
    )  # fmt: skip


def bits() -> int:
    """The precision that flint has."""
    return int(ctx.prec)
