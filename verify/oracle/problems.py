"""Problems to verify on: one network each, over all scales, with the degenerate cases pinned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from verify import losses
from verify.networks import activation, power

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Problem:
    """Initial weights, data on a line and hyperparameters of one network.

    Attributes:
        name: what is special about it.
        u0, W0: shapes (d,), (d, d0).
        X, targets: shapes (n, d0), (n,); a data set, also when n = 1.
        gamma, eta_u, eta_w: hyperparameters.
        network: name of the activation.
        loss, reduction: its name; "mean" or "sum" over the data.
    """

    name: str
    u0: Floats
    W0: Floats
    X: Floats
    targets: Floats
    gamma: float
    eta_u: float
    eta_w: float
    network: str = "linear"
    loss: str = "square"
    reduction: str = "mean"

    @property
    def has_the_default_loss(self) -> bool:
        """Whether the loss is the mean squared error."""
        return (self.loss, self.reduction) == ("square", "mean")

    def arguments(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """For `numeric.GradientFlow`."""
        rates = {"gamma": self.gamma, "eta_u": self.eta_u, "eta_w": self.eta_w}
        return (self.u0, self.W0, self.X, self.targets), rates


@dataclass(frozen=True)
class Batch:
    """Problems of one network as one tensor program, padded with zeros.

    Attributes:
        u, W, X, targets: shapes (B, d), (B, d, d0), (B, n, d0), (B, n).
        counted: 1 for a data point, 0 for padding, shape (B, n).
        real: 1 for a neuron, 0 for padding, shape (B, d).
        gamma, eta_u, eta_w: shape (B,).
        network, loss, reduction: as of the problems.
    """

    u: Tensor
    W: Tensor
    X: Tensor
    targets: Tensor
    counted: Tensor
    real: Tensor
    gamma: Tensor
    eta_u: Tensor
    eta_w: Tensor
    network: str
    loss: str = "square"
    reduction: str = "mean"


def batch(problems: Sequence[Problem], dtype: torch.dtype = torch.float64) -> Batch:
    """Pad and stack.

    Raises:
        ValueError: for problems of different networks, losses or reductions.
    """
    networks = sorted({p.network for p in problems})
    if len(networks) != 1:
        raise ValueError(f"a batch is of one network, not of {', '.join(networks) or 'none'}")
    kinds = sorted({(p.loss, p.reduction) for p in problems})
    if len(kinds) != 1:
        raise ValueError(f"a batch is of one loss, not of {', '.join(map(' '.join, kinds))}")
    d = max(p.u0.size for p in problems)
    d0 = max(p.W0.shape[1] for p in problems)
    n = max(p.targets.size for p in problems)

    def stack(values: Sequence[Floats], *shape: int) -> Tensor:
        out = np.zeros((len(values), *shape))
        for index, value in enumerate(values):
            out[index][tuple(slice(size) for size in value.shape)] = value
        return torch.tensor(out, dtype=dtype)

    gamma, eta_u, eta_w = (
        torch.tensor([getattr(p, name) for p in problems], dtype=dtype)
        for name in ("gamma", "eta_u", "eta_w")
    )
    return Batch(
        stack([p.u0 for p in problems], d),
        stack([p.W0 for p in problems], d, d0),
        stack([p.X for p in problems], n, d0),
        stack([p.targets for p in problems], n),
        stack([np.ones(p.targets.size) for p in problems], n),
        stack([np.ones(p.u0.size) for p in problems], d),
        gamma,
        eta_u,
        eta_w,
        networks[0],
        *kinds[0],
    )


def random_problem(
    generator: np.random.Generator, spread: float = 1.0, network: str = "linear"
) -> Problem:
    """A problem with shapes from 1 and scales log-uniform over 10^±spread."""

    def scale() -> float:
        return float(10 ** generator.uniform(-spread, spread))

    d, d0, n = (int(generator.integers(1, high)) for high in (6, 5, 5))
    e = generator.standard_normal(d0)
    a = generator.standard_normal(n) * scale() / np.linalg.norm(e)
    problem = Problem(
        "random",
        generator.standard_normal(d) * scale(),
        generator.standard_normal((d, d0)) * scale(),
        np.outer(a, e),
        generator.standard_normal(n) * scale(),
        scale() * float(generator.choice([-1, 1])),
        scale(),
        scale(),
        network,
    )
    return problem if power(network) == 1 else _tamed(problem)


def _tamed(problem: Problem) -> Problem:
    """The same with data that are worth a point, and with targets as large as the output's terms.

    Then the speed of learning, which for h^β is a power of the output, hardly changes on the way.
    """
    X, count = problem.X, problem.targets.size
    if power(problem.network) is None:  # one input, with several targets
        X = np.outer(np.ones(count), X[0])
    hidden = activation(problem.network)(torch.tensor(X @ problem.W0.T)).numpy()
    terms = np.abs(problem.gamma * problem.u0) @ np.sqrt(np.mean(hidden**2, axis=0))
    return replace(problem, X=X, targets=terms * problem.targets)


def degenerate_problems(network: str = "linear") -> list[Problem]:
    """One problem for each way in which a formula divides by zero, branches or loses meaning."""
    beta = power(network)
    if beta is None:
        return list(_of_activation(network))
    if beta == 1:
        return [replace(problem, network=network) for problem in _of_linear()]
    return list(_of_power(network, beta))


def _of_linear() -> list[Problem]:
    """The paper's formula divides by zero or loses meaning: P = 0, Q = 0, y = 0, and zeros."""
    # Along an axis and with equal rates p = 0 and q = 0 are exact in floats.
    u, e = np.array([0.7, -0.4, 0.9]), np.array([0.0, 1.0])
    base = Problem(
        "", u, np.outer(u, e), np.array([2 * e, -e]), np.array([1.0, 0.3]), 0.8, 1.0, 1.0
    )
    single = np.array([[0.5]])
    one = Problem("", np.array([0.6]), np.array([[0.3]]), single, np.array([1.0]), 1.2, 0.7, 1.1)
    anti, f = -np.outer(u, e), np.array([0.6, 0.8])
    noise = np.array([[0.3, -0.1], [0.2, 0.5], [-0.4, 0.2]])
    zero = np.zeros_like(base.targets)
    return [
        replace(base, name="Q = 0: parallel layers, reachable target"),
        replace(base, name="P = 0: antiparallel layers, target of the other sign", W0=anti),
        replace(
            base,
            name="P = 0: antiparallel layers, reachable target",
            W0=anti,
            targets=-base.targets,
        ),
        replace(base, name="y = 0", W0=noise, targets=zero),
        replace(
            base, name="a falling output", W0=noise, targets=-2 * base.targets, eta_u=0.7, eta_w=1.3
        ),
        replace(base, name="y = 0 and Q = 0: double root", targets=zero),
        replace(base, name="y = 0 and P = 0: double root", W0=anti, targets=zero),
        replace(base, name="parallel layers, rounded", W0=np.outer(u, f), X=np.outer([2, -1], f)),
        replace(base, name="small weights", u0=1e-6 * u, W0=1e-6 * noise),
        replace(base, name="a dead neuron", W0=noise * [[1], [0], [1]], u0=u * [1, 0, 1]),
        replace(base, name="all weights zero", W0=0 * anti, u0=0 * u),
        replace(base, name="first layer zero", W0=0 * anti),
        replace(base, name="second layer zero", W0=noise, u0=0 * u),
        replace(base, name="x with a zero", X=np.array([[0.0, 1.5], [0.0, -2.0]]), W0=noise),
        replace(base, name="x = 0", X=np.zeros((2, 2)), W0=noise),
        replace(base, name="gamma = 0", W0=noise, gamma=0.0),
        replace(
            base,
            name="a weight row across the data",
            W0=np.array([[0.8, 0.0], [0.2, 0.1], [0.5, 0.5]]),
        ),
        replace(one, name="width 1, input dimension 1"),
        replace(one, name="width 1, y = 0", targets=np.array([0.0])),
        replace(one, name="width 1, negative target", targets=np.array([-1.0])),
        # Powers of two: the initial residual is 0 in floats too.
        replace(
            one,
            name="start at the target",
            gamma=2.0,
            u0=np.array([0.5]),
            W0=np.array([[0.25]]),
            targets=np.array([0.125]),
        ),
    ]


# What a neuron of a power does is decided by its constant 4c = η_u (w·e)² − β η_w u² and by whether
# h grows or dies. With η_u = β/2 and η_w = 1/2 it is 4c = β/2 ((w·e)² − u²), zero also in floats
# where w·e = ±u. Columns: u; w·e; target over output at the start.
NEURONS: dict[str, tuple[tuple[float, ...], tuple[float, ...], float]] = {
    "c > 0": ((0.3, -0.4, 0.2), (0.8, 0.6, 0.9), 2),
    "c > 0, target of the other sign": ((0.3, -0.4, 0.2), (0.8, 0.6, 0.9), -1),
    "c > 0, y = 0": ((0.3, -0.4, 0.2), (0.8, 0.6, 0.9), 0),
    "c < 0, growing": ((0.8, 0.7, 0.9), (0.5, 0.4, 0.3), 2),
    "c < 0, dying, reachable target": ((0.8, 0.7, 0.9), (0.5, 0.4, 0.3), 0.5),
    "c < 0, dying, unreachable target: saddle": ((0.8, 0.7, 0.9), (0.5, 0.4, 0.3), -1),
    "c < 0, y = 0: dying": ((0.8, 0.7, 0.9), (0.5, 0.4, 0.3), 0),
    "c = 0, growing": ((0.7, 0.4, 0.9), (0.7, 0.4, 0.9), 2),
    "c = 0, dying, reachable target": ((0.7, 0.4, 0.9), (0.7, 0.4, 0.9), 0.5),
    "c = 0, dying, unreachable target: saddle": ((0.7, 0.4, 0.9), (0.7, 0.4, 0.9), -1),
    "c = 0, y = 0: dying": ((0.7, 0.4, 0.9), (0.7, 0.4, 0.9), 0),
    "c = 0, growing and dying": ((0.7, -0.4, 0.9), (0.7, 0.4, 0.9), 2),
    "c of every sign": ((0.3, 0.8, 0.6), (0.8, 0.3, 0.6), 2),
    "negative preactivations": ((0.3, 0.8, 0.6), (-0.8, -0.3, -0.6), 2),
    "preactivations of both signs": ((0.3, 0.8, -0.6), (-0.8, 0.3, -0.6), 2),
    "equal c > 0": ((0.375, 0.0, -0.9375), (0.625, 0.5, 1.0625), 2),
    "equal c < 0": ((0.625, -1.0625, 0.625), (0.375, 0.9375, -0.375), 2),
    "commensurable c > 0": ((0.375, 0.75, 0.0), (0.625, 1.25, 1.0), 2),
    "commensurable c of every sign": ((0.375, 1.25, 0.5), (0.625, 0.75, 0.5), 2),
    "a dead neuron": ((0.7, 0.5, -0.4), (0.8, 0.0, 0.3), 2),
    "width 1, c > 0": ((0.4,), (0.7,), 2),
    "width 1, c > 0, target of the other sign": ((0.4,), (0.7,), -2),
    "width 1, c < 0, growing": ((0.7,), (-0.4,), 2),
    "width 1, c < 0, dying": ((0.7,), (0.4,), -1),
    "width 1, c = 0, growing": ((-0.6,), (0.6,), 2),
    "width 1, c = 0, dying": ((0.6,), (-0.6,), -1),
    "width 1, y = 0": ((0.4,), (0.7,), 0),
}


def _of_power(network: str, beta: int) -> Iterator[Problem]:
    """Every branch of the neurons of h^β, β ≥ 2, and zeros."""
    across, axis = np.array([0.3, 0.2, -0.4]), np.array([0.0, 1.0])  # the data do not see `across`
    a, targets = np.array([1.0, -0.5]), np.array([1.0, 0.3])
    balanced, one = (0.8, beta / 2, 0.5, network), np.ones((1, 1))
    for name, (second, first, ratio) in NEURONS.items():
        single = len(second) == 1
        W = one * first if single else np.stack([across, first], axis=1)
        X = np.outer(a, 1.0 if single else axis)
        yield _aimed(Problem(name, np.array(second), W, X, targets, *balanced), beta, ratio)
    u, hidden, f = np.array([0.3, 0.8, 0.6]), np.array([0.8, 0.3, 0.6]), np.array([0.6, 0.8])
    W, dead, X = np.stack([across, hidden], axis=1), np.outer(across, [1, 0]), np.outer(a, axis)
    base = Problem("", u, W, X, targets, 0.8, 0.9, 0.4, network)
    tiny = replace(base, u0=1e-3 * u, W0=1e-3 * W)
    yield _aimed(replace(base, name="other rates"), beta, 2)
    yield replace(tiny, name="small weights")
    yield _aimed(replace(tiny, name="small weights, small target"), beta, 2)
    yield replace(base, name="all neurons dead: saddle", W0=dead)
    yield replace(base, name="all neurons dead, y = 0", W0=dead, targets=0 * targets)
    yield replace(base, name="all weights zero", u0=0 * u, W0=0 * W)
    yield replace(base, name="first layer zero", W0=0 * W)
    yield replace(base, name="second layer zero", u0=0 * u)
    yield replace(base, name="x = 0", X=0 * X)
    yield replace(base, name="gamma = 0", gamma=0.0)
    even = np.stack([across, u], axis=1)
    yield Problem("gamma = 0, c = 0", u, even, X, targets, 0.0, *balanced[1:])
    rounded = Problem("c = 0, rounded", u, np.outer(u, f), np.outer(a, f), targets, *balanced)
    yield _aimed(rounded, beta, 2)
    # Powers of two: the initial residual is 0 in floats too.
    goal = np.array([0.5**beta])
    yield Problem("start at the target", 0.5 * one[0], 0.5 * one, one, goal, 2.0, 0.7, 1.1, network)


def _aimed(problem: Problem, beta: int, ratio: float) -> Problem:
    """The same with targets scaled so that the effective one is `ratio` outputs at the start."""
    e = problem.X[0] / np.linalg.norm(problem.X[0])
    a_beta = (problem.X @ e) ** beta
    output = problem.gamma * problem.u0 @ (problem.W0 @ e) ** beta
    target = np.mean(a_beta * problem.targets) / np.mean(a_beta**2)
    return replace(problem, targets=problem.targets * ratio * output / target)


def _of_activation(network: str) -> Iterator[Problem]:
    """Zeros of every kind, for any σ: all data are at one input.

    Where σ bends, as relu at 0, a neuron of width 1 with a negative target crosses the bend.
    """
    u, across = np.array([0.7, -0.4, 0.9]), np.array([0.3, 0.2, -0.4])
    W = np.stack([across, [0.8, 0.3, -0.6]], axis=1)
    X, targets = np.array([[0.0, 1.2], [0.0, 1.2]]), np.array([1.0, 0.6])
    base = Problem("", u, W, X, targets, 0.8, 0.9, 0.4, network)
    single, goal = np.array([[0.5]]), np.array([1.0])
    one = Problem("", np.array([0.6]), single, single, goal, 1.2, 0.7, 1.1, network)
    yield replace(base, name="two targets at one input")
    yield replace(base, name="target of the other sign", targets=-targets)
    yield replace(base, name="y = 0", targets=0 * targets)
    yield replace(base, name="small weights", u0=1e-3 * u, W0=1e-3 * W)
    yield replace(base, name="a dead neuron", u0=u * [1, 0, 1], W0=W * [[1], [0], [1]])
    yield replace(base, name="all weights zero", u0=0 * u, W0=0 * W)
    yield replace(base, name="first layer zero", W0=0 * W)
    yield replace(base, name="second layer zero", u0=0 * u)
    yield replace(base, name="a weight row across the data", W0=W * [[1, 1], [1, 0], [1, 1]])
    yield replace(base, name="negative preactivations", W0=W - [0, 1])
    yield replace(base, name="x = 0", X=0 * X)
    yield replace(base, name="gamma = 0", gamma=0.0)
    yield replace(one, name="width 1, input dimension 1")
    yield replace(one, name="width 1, negative target", targets=-goal)
    yield replace(one, name="width 1, y = 0", targets=0 * goal)
    # Powers of two: the initial residual is 0 in floats too.
    output = float(activation(network)(torch.tensor([[0.25]], dtype=torch.float64)))
    at_goal = replace(one, name="start at the target", gamma=2.0, u0=single[0])
    yield replace(at_goal, targets=np.array([output]))


def problems(
    count: int,
    seed: int,
    spread: float = 0.5,
    network: str = "linear",
    loss: str = "square",
    reduction: str = "mean",
) -> list[Problem]:
    """The degenerate problems and `count` random ones: the same for every loss but for the targets."""
    generator = np.random.default_rng(seed)
    drawn = [random_problem(generator, spread, network) for _ in range(count)]
    return [with_loss(one, loss, reduction) for one in degenerate_problems(network) + drawn]


def with_loss(problem: Problem, loss: str, reduction: str = "mean") -> Problem:
    """The same problem under another loss, with targets that it has a meaning for.

    Signs of the targets, 1 for a target of 0; or probabilities that rise with them, 0 and 1 included.
    """
    kind, y = losses.targets(loss), problem.targets
    if kind == losses.SIGNS:
        y = np.where(y < 0, -1.0, 1.0)
    elif kind == losses.PROBABILITIES:
        y = np.clip((1 + y) / 2, 0.0, 1.0)
    return replace(problem, targets=y, loss=loss, reduction=reduction)


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
