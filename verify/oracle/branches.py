"""Which branch of a power each neuron is on, and whether the target can be reached: decided exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from verify.networks import power
from verify.oracle.problem import Problem

BRANCHES = (
    "c > 0", "c < 0, growing", "c < 0, dying", "c < 0, at rest", "c = 0, growing", "c = 0, dying",
    "c = 0, at rest", "h = 0", "h < 0", "reachable target", "unreachable target",
)  # fmt: skip
FATES = {1: "growing", 0: "at rest", -1: "dying"}


def branches(problem: Problem) -> list[str]:
    """What the neurons of a power β ≥ 2 do, and whether the target can be reached; decided exactly.

    With v = (w·e) up to a positive factor and D the sign of (y − f) γ, a neuron moves by
    D u′ ∝ v^β, D v′ ∝ u v^(β−1), so that z = D sign(v)^β u never falls and |v|′ ∝ |v|^(β−1) z:

    * c > 0: z passes every value, |v| grows in the end;
    * c ≤ 0: the sign of z is kept; |v| grows with z > 0 and decays to 0, its neuron dying, with z < 0;
    * v = 0: nothing moves.

    One neuron that grows reaches any target. If all die, the output goes to 0, and the target is
    reached if it is on the way or at its end.

    Returns:
        For every neuron one of "c > 0", "c < 0, growing", "c < 0, dying", "c = 0, growing",
        "c = 0, dying", "h = 0", or with "at rest" for "growing" if the network does not move;
        "h < 0" for every negative preactivation; and "reachable target" or "unreachable target".

    Raises:
        ValueError: for a network that is not a power, or the linear one, whose neurons do not die.
    """
    beta = power(problem.network)
    if beta is None or beta < 2:
        raise ValueError(f"{problem.network}: branches are those of a power β ≥ 2")
    X, W = ([[Fraction(z) for z in row] for row in Z.tolist()] for Z in (problem.X, problem.W0))
    u, targets = ([Fraction(z) for z in zs.tolist()] for zs in (problem.u0, problem.targets))
    gamma, eta_u, eta_w = map(Fraction, (problem.gamma, problem.eta_u, problem.eta_w))
    e = next((row for row in X if any(row)), X[0])
    e = (
        [-z for z in e] if next(filter(None, e), 0) < 0 else e
    )  # the sign as in verify.oracle.measure
    square, along = _dot(e, e), [_dot(row, e) ** beta for row in X]
    hidden = [_dot(row, e) for row in W]
    terms = (gamma * u_i * v**beta for u_i, v in zip(u, hidden, strict=True))
    # f and y, both times the same positive factor.
    output = sum(terms, Fraction()) * _dot(along, along)
    goal = square**beta * _dot(along, targets)
    way = _sign(goal - output) * _sign(gamma)
    found = []
    for u_i, v in zip(u, hidden, strict=True):
        c = _sign(eta_u * v * v - beta * eta_w * u_i * u_i * square)
        fate = FATES[way * _sign(v) ** beta * _sign(u_i)]
        kept = "c = 0" if c == 0 else "c < 0"
        found.append("h = 0" if v == 0 else "c > 0" if c > 0 else f"{kept}, {fate}")
    grows = way != 0 and any(label == "c > 0" or "growing" in label for label in found)
    on_the_way = goal in (0, output) or _sign(goal) == _sign(output) != 0
    reaches = "reachable target" if grows or on_the_way else "unreachable target"
    return [*found, *("h < 0" for v in hidden if v < 0), reaches]


def branch_counts(problems: Sequence[Problem]) -> dict[str, int]:
    """How many neurons, or targets, of these problems are on each branch, branches of none included.

    Empty for networks that have no branches: the linear one, and those that are no power.
    """
    found = Counter(label for p in problems if (power(p.network) or 0) > 1 for label in branches(p))
    return {label: found[label] for label in BRANCHES} if found else {}


def _dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction())


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)
