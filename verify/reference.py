"""What descent says of a set of problems, computed once: the reference that properties compare with.

Observables at a time T and where descent ends, extrapolated to step zero one by one with an estimate of
their error, and a few scalars from balls for the digits that descent cannot give.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import torch
from numpy.typing import NDArray

from numeric.errors import InputError
from numeric.exact import ExactFlow, exact_set, rational
from numeric.solution import SCALARS
from verify import descent, measure
from verify.problems import Floats, Problem, batch

STEPS, LEVELS = 64, 5
LIMIT_TIME = 60.0  # in units of the time scale at the start of training
Limits = list[dict[str, tuple[Floats, Floats]] | None]


@dataclass(frozen=True)
class Reference:
    """What descent says: observables with their errors, for each problem.

    Attributes:
        problems: the problems.
        rates: how fast each problem learns, measured on the raw network.
        times: T of each problem.
        start: observables of the initial weights.
        at_time: observables of the flow at T: name → (value, error).
        runs: weights after T at each step size, coarse to fine.
        slope: dζ/dα at T.
        limit: observables where descent ends, for problems where it converges, else None.
        limit_rate: tangent kernel there, 2/t_c.
        digits: what balls say at some times, for each problem: time → name → value.
    """

    problems: Sequence[Problem]
    rates: NDArray[np.float64]
    times: NDArray[np.float64]
    start: list[dict[str, Floats]]
    at_time: list[dict[str, tuple[Floats, Floats]]]
    runs: list[list[tuple[Floats, Floats]]]
    slope: list[float]
    limit: Limits
    limit_rate: NDArray[np.float64]
    digits: list[dict[float, dict[str, float]]]


def learning_rates(problems: Sequence[Problem]) -> NDArray[np.float64]:
    """A rate per problem from its raw data: the tangent kernel, and the pull of the target."""
    tensors = batch(problems)
    kernel = descent.tangent_kernel_rate(tensors, tensors.u, tensors.W).numpy()
    pull = [
        abs(p.gamma)
        * np.sqrt(p.eta_u * p.eta_w)
        * np.abs(np.mean(p.X * p.targets[:, None], axis=0)).sum()
        for p in problems
    ]
    rate = kernel + np.array(pull)
    return np.where(rate > 0, rate, 1.0)


def _extrapolated(
    problems: Sequence[Problem], times: NDArray[np.float64], steps: int, levels: int
) -> tuple[list[dict[str, tuple[Floats, Floats]]], list[list[tuple[Floats, Floats]]]]:
    """Observables at the given times, Richardson-extrapolated one by one."""
    tensors, total = batch(problems), torch.tensor(times)
    runs: list[list[tuple[Floats, Floats]]] = [[] for _ in problems]
    for level in range(levels):
        count = steps << level
        u, W = descent.descend(tensors, total / count, count)[count]
        for index, problem in enumerate(problems):
            d, d0 = problem.W0.shape
            runs[index].append((u[index, :d].numpy(), W[index, :d, :d0].numpy()))
    observed = []
    for problem, here in zip(problems, runs, strict=True):
        rows = [measure.observe(problem, u, W) for u, W in here]
        observed.append({name: _richardson([row[name] for row in rows]) for name in rows[0]})
    return observed, runs


def _richardson(values: Sequence[Floats]) -> tuple[Floats, Floats]:
    limit, error = descent.richardson([torch.tensor(np.asarray(value)) for value in values])
    return limit.numpy(), error.numpy()


def build_reference(problems: Sequence[Problem], *, limits: bool = True) -> Reference:
    """Run descent for all problems as one tensor program each."""
    rates = learning_rates(problems)
    times = 0.8 / rates
    at_time, runs = _extrapolated(problems, times, STEPS, LEVELS)
    slopes = []
    for problem, here in zip(problems, runs, strict=True):
        u, W = (_richardson([run[part] for run in here])[0] for part in (0, 1))
        by_u, by_W = descent.gradient(
            batch([problem]), torch.tensor(u)[None], torch.tensor(W)[None]
        )
        slope = measure.alignment_slope(problem, u, W, by_u[0].numpy(), by_W[0].numpy())
        slopes.append(slope)
    limit: Limits = [None] * len(problems)
    limit_rate = np.zeros_like(rates)
    if limits:
        limit, limit_rate = _limits(problems, rates)
    start = [measure.observe(problem, problem.u0, problem.W0) for problem in problems]
    digits = [_digits(problem, t) for problem, t in zip(problems, times, strict=True)]
    return Reference(
        problems, rates, times, start, at_time, runs, slopes, limit, limit_rate, digits
    )


def _digits(problem: Problem, t: float) -> dict[float, dict[str, float]]:
    """Scalars from balls at an early, a middle and a late time; empty for data off the line."""
    X = [[Fraction(z) for z in row] for row in problem.X.tolist()]
    try:
        point = exact_set(X, [Fraction(z) for z in problem.targets.tolist()])
    except InputError:
        return {}
    flow = ExactFlow(
        tuple(map(rational, problem.u0)),
        tuple(tuple(map(rational, row)) for row in problem.W0),
        point,
        *(rational(z) for z in (problem.gamma, problem.eta_u, problem.eta_w)),
    )
    times = [1e-6 * t, t, 40 * t]
    snapshots, _ = flow.solve([rational(z) for z in times], 20, weights=False)
    return {
        time: {
            name: float(value.mid())
            for name in SCALARS
            if (value := getattr(snapshot, name)) is not None and value.is_finite()
        }
        for time, snapshot in zip(times, snapshots, strict=True)
    }


def _limits(
    problems: Sequence[Problem], rates: NDArray[np.float64]
) -> tuple[Limits, NDArray[np.float64]]:
    """Where descent ends: the limit of small steps, for problems that have converged by then."""
    observed, runs = _extrapolated(problems, LIMIT_TIME / rates, 384, 4)
    tensors = batch(problems)
    ends = [run[-1] for run in runs]
    d, d0 = tensors.u.shape[1], tensors.W.shape[2]
    u = torch.tensor(np.array([np.pad(end[0], (0, d - end[0].size)) for end in ends]))
    W = torch.tensor(
        np.array([np.pad(z, ((0, d - z.shape[0]), (0, d0 - z.shape[1]))) for _, z in ends])
    )
    by_u, by_W = descent.gradient(tensors, u, W)
    size = (u**2).sum(1) + (W**2).sum((1, 2))
    pull = (tensors.eta_u * (by_u**2).sum(1) + tensors.eta_w * (by_W**2).sum((1, 2))).numpy()
    still = pull <= 1e-22 * (rates * size.numpy() + 1e-300)
    kernel = descent.tangent_kernel_rate(tensors, u, W).numpy()
    return [values if ok else None for values, ok in zip(observed, still, strict=True)], kernel
