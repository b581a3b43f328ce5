"""Problems at which a formula divides by zero, branches or loses meaning, one for each way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch

from verify.networks import activation, power
from verify.oracle.problem import Problem


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
