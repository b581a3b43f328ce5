"""What descent says of the problems of one network, computed once: what properties compare with.

Observables at a time T and where descent ends, extrapolated to step zero one by one with an estimate of
their error, σ and its slope by autograd, and a few scalars from balls for the digits that descent
cannot give.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from verify.networks import activation
from verify.oracle import descent, measure
from verify.oracle.bends import before_kinks, bends, kinks
from verify.oracle.digits import Digits, digits_of
from verify.oracle.ends import LIMIT_STEPS, LIMIT_TIME, limits_of
from verify.oracle.extrapolation import Observed, extrapolated, richardson, weights_error
from verify.oracle.pace import learning_rates
from verify.oracle.problem import Floats, Problem, batch

STEPS, LEVELS = 64, 5


@dataclass(frozen=True)
class Case:
    """What descent says of one problem.

    Attributes:
        problem: the problem.
        rate: how fast it learns, measured on the raw network.
        time: T.
        start: observables of the initial weights.
        at_time: observables of the flow at T: name → (value, error).
        runs: weights after T at each step size, coarse to fine.
        weights_error: of the weights extrapolated from them, relative to their size.
        slope: dζ/dα at T.
        limit: observables where descent ends, where it converges, else None.
        limit_rate: tangent kernel there, times ½ ℓ″: 2/t_c, and its error.
        goes_on: whether descent stops with a tangent kernel of the order of that at the start.
        bends: whether a neuron meets a bend of σ before T, and before the end.
        kinks: whether an output meets a bend of the loss, likewise.
        digits: what balls say: time → name → value, or what they raised; None where not tried.
    """

    problem: Problem
    rate: float
    time: float
    start: dict[str, Floats]
    at_time: Observed
    runs: list[tuple[Floats, Floats]]
    weights_error: float
    slope: float
    limit: Observed | None
    limit_rate: tuple[float, float]
    goes_on: bool
    bends: tuple[bool, bool]
    kinks: tuple[bool, bool]
    digits: Digits | Exception | None


@dataclass(frozen=True)
class Field:
    """σ, its slope and its curvature, by autograd, at some preactivations.

    Attributes:
        h, sigma, slope, curvature: shape (k,).
    """

    h: Floats
    sigma: Floats
    slope: Floats
    curvature: Floats


@dataclass(frozen=True)
class Reference:
    """What descent says of problems of one network under one loss.

    Attributes:
        network: its name.
        cases: one per problem.
        field: σ, measured.
        loss: the name of the loss.
    """

    network: str
    cases: Sequence[Case]
    field: Field
    loss: str = "square"


def build_reference(
    problems: Sequence[Problem], *, limits: bool = True, balls: bool = True
) -> Reference:
    """Run descent for all problems, of one network, as one tensor program each."""
    rates = learning_rates(problems)
    times = before_kinks(problems, 0.8 / rates, STEPS)
    at_time, runs = extrapolated(problems, times, STEPS, LEVELS, richardson)
    ends: list[Observed | None] = [None] * len(problems)
    end_rates = [(0.0, 0.0)] * len(problems)
    goes_on = [False] * len(problems)
    if limits:
        ends, end_rates, goes_on = limits_of(problems, rates)
    bent = _early_and_late(bends, problems, times, rates, limits)
    kinked = _early_and_late(kinks, problems, times, rates, limits)
    cases = [
        Case(
            problem=problem,
            rate=float(rates[k]),
            time=float(times[k]),
            start=measure.observe(problem, problem.u0, problem.W0),
            at_time=at_time[k],
            runs=runs[k],
            weights_error=weights_error(at_time[k]["u"], at_time[k]["W"]),
            slope=_slope(problem, runs[k]),
            limit=ends[k],
            limit_rate=end_rates[k],
            goes_on=goes_on[k],
            bends=bent[k],
            kinks=kinked[k],
            digits=digits_of(problem, float(times[k])) if balls else None,
        )
        for k, problem in enumerate(problems)
    ]
    network = problems[0].network
    return Reference(network, cases, _field(network), problems[0].loss)


def _early_and_late(
    are_met: Callable[[Sequence[Problem], Floats, int], list[bool]],
    problems: Sequence[Problem],
    times: Floats,
    rates: Floats,
    limits: bool,
) -> list[tuple[bool, bool]]:
    """Whether each problem meets something before its time, and before its end where one is wanted."""
    early = are_met(problems, times, STEPS)
    late = [False] * len(problems)
    if limits:
        late = are_met(problems, LIMIT_TIME / rates, LIMIT_STEPS)
    return list(zip(early, late, strict=True))


def _slope(problem: Problem, runs: Sequence[tuple[Floats, Floats]]) -> float:
    u, W = (richardson([run[part] for run in runs])[0] for part in (0, 1))
    by_u, by_W = descent.gradient(batch([problem]), torch.tensor(u)[None], torch.tensor(W)[None])
    return measure.alignment_slope(problem, u, W, by_u[0].numpy(), by_W[0].numpy())


def _field(network: str) -> Field:
    h = torch.linspace(-1.4, 1.4, 28, dtype=torch.float64).requires_grad_()
    sigma = activation(network)(h)
    (slope,) = torch.autograd.grad(sigma.sum(), h, create_graph=True)
    curvature = torch.zeros_like(h)  # of what is linear, which has no graph
    if slope.requires_grad:
        (curvature,) = torch.autograd.grad(slope.sum(), h)
    return Field(*(z.detach().numpy() for z in (h, sigma, slope, curvature)))
