"""What descent says of the problems of one network, computed once: what properties compare with.

Observables at a time T and where descent ends, extrapolated to step zero one by one with an estimate of
their error, σ and its slope by autograd, and a few scalars from balls for the digits that descent
cannot give.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from numeric import catalogue
from numeric.cases.solution import SCALARS
from numeric.data.exact import ExactProblem, on_a_line, rational, rational_rows
from numeric.errors import InputError
from numeric.flow import exact_flow
from numeric.methods.explicit.balls import ExactFlow
from numeric.methods.warp.balls import ExactWarpedFlow
from verify import losses
from verify.networks import activation
from verify.oracle import descent, measure
from verify.oracle.problems import Batch, Floats, Problem, batch

STEPS, LEVELS = 64, 5
LIMIT_TIME, LIMIT_STEPS = 60.0, 384  # in units of the time scale at the start of training
END_LEVELS = 4
ALIVE = 0.1  # of the tangent kernel at the start: that of neurons that die falls far below
ON_THE_WAY = 9  # outputs between start and target, at which ℓ″ is measured
EARLIER, TRIES = 4.0, 8  # a time before which the loss bends is shortened by this factor, so often
ROUNDED, HALVED = 1e-9, 0.15  # of the weights; of the factor 2 between steps of order one
STEPS_ADD_UP = 1e-14  # roundings of a thousand steps, relative
STILL = 1e-12  # speed where descent ends, relative to the weights, in the same units: below `FLOOR`
Observed = dict[str, tuple[Floats, Floats]]
Extrapolation = Callable[[Sequence[Floats]], tuple[Floats, Floats]]
Digits = dict[float, dict[str, float]]
# Times, in units of that of the comparison, and digits that are asked of the balls.
TRIED: dict[type, tuple[tuple[float, ...], int]] = {
    ExactFlow: ((1e-6, 1.0, 40.0), 20),
    ExactWarpedFlow: ((1.0, 10.0), 16),
}

# Where the elapsed time is a quadrature, balls take half a second: they are tried on these only.
WITH_BALLS = {
    "quadratic": (
        "c > 0", "c of every sign", "c < 0, growing", "c < 0, dying, reachable target",
        "c = 0, growing", "width 1, c > 0",
    ),
}  # fmt: skip


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


def learning_rates(problems: Sequence[Problem]) -> NDArray[np.float64]:
    """A rate per problem from its raw data: the tangent kernel, and the pull of the target."""
    tensors = batch(problems)
    curvature = None if losses.is_square(tensors.loss) else _largest_curvature(tensors)
    kernel = descent.tangent_kernel_rate(tensors, tensors.u, tensors.W, curvature).numpy()
    pulls = _pulls(tensors)
    pull = [
        abs(p.gamma)
        * np.sqrt(p.eta_u * p.eta_w)
        * np.abs(np.mean(p.X * pulls[k, : len(p.X), None], axis=0)).sum()
        * (len(p.X) if p.reduction == "sum" else 1)
        for k, p in enumerate(problems)
    ]
    rate = kernel + np.array(pull)
    return np.where(rate > 0, rate, 1.0)


def _pulls(tensors: Batch) -> Floats:
    """½ |ℓ′| at the inputs: of a square at an output of 0, else the largest, at the start or there."""
    starts = descent.outputs(tensors, tensors.u, tensors.W).detach()
    at_zero, at_start = (
        losses.derivatives(tensors.loss, places, tensors.targets)[0] / 2
        for places in (torch.zeros_like(starts), starts)
    )
    if losses.is_square(tensors.loss):
        return -at_zero.numpy()
    return torch.maximum(at_zero.abs(), at_start.abs()).numpy()


def _largest_curvature(tensors: Batch) -> torch.Tensor:
    """ℓ″ at every input, the largest on the way from the start to the target: it may rise on the way."""
    starts, found = descent.outputs(tensors, tensors.u, tensors.W).detach(), []
    for share in np.linspace(0, 1, ON_THE_WAY):
        places = starts + share * (tensors.targets - starts)
        found.append(losses.derivatives(tensors.loss, places, tensors.targets)[1])
    return torch.stack(found).max(dim=0).values


def _extrapolated(
    problems: Sequence[Problem],
    times: NDArray[np.float64],
    steps: int,
    levels: int,
    extrapolate: Extrapolation,
) -> tuple[list[Observed], list[list[tuple[Floats, Floats]]]]:
    """Observables at the given times, Richardson-extrapolated one by one."""
    tensors, total = batch(problems), torch.tensor(times)
    runs: list[list[tuple[Floats, Floats]]] = [[] for _ in problems]
    for level in range(levels):
        count = steps << level
        u, W = descent.descend(tensors, total / count, count)[count]
        for index, problem in enumerate(problems):
            runs[index].append(_own(problem, u[index], W[index]))
    observed = []
    for problem, here in zip(problems, runs, strict=True):
        rows = [measure.observe(problem, u, W) for u, W in here]
        found = {name: extrapolate([row[name] for row in rows]) for name in rows[0]}
        found |= _without_kinks(problem, found)
        observed.append(_no_accident(found, rows, weights_error(found["u"], found["W"])))
    return observed, runs


def weights_error(u: tuple[Floats, Floats], W: tuple[Floats, Floats]) -> float:
    """Error of extrapolated weights, relative to their size."""
    size = max(float(np.abs(z).max()) for z, _ in (u, W))
    return max(float(error.max()) for _, error in (u, W)) / size if size else 0.0


def _without_kinks(problem: Problem, found: Observed) -> Observed:
    """Norms, distances and alignment, of the extrapolated weights.

    Where a layer passes close to zero they have a kink, and follow no power series in the step.
    """
    (u, error_u), (W, error_W) = found["u"], found["W"]
    by_u, by_W = float(np.linalg.norm(error_u)), float(np.linalg.norm(error_W))
    values = measure.observe(problem, u, W)
    with np.errstate(all="ignore"):
        turned = np.asarray(by_u / values["norm_u"] + by_W / values["norm_omega"])
    errors = {
        "norm_u": by_u, "norm_omega": by_W, "norm_W": by_W, "alignment": turned,
        "distance_u": by_u + STEPS_ADD_UP * float(values["norm_u"]),
        "distance_W": by_W + STEPS_ADD_UP * float(values["norm_W"]),
    }  # fmt: skip
    return {
        name: (values[name], np.asarray(error)) for name, error in errors.items() if name in values
    }


def _no_accident(found: Observed, rows: Sequence[dict[str, Floats]], relative: float) -> Observed:
    """No observable is known better than the weights: where its error is smaller, that is by accident.

    An error is a difference of two extrapolations, and the difference of one number may vanish.
    """
    # A change of the kernel is measured as a difference of kernels.
    offsets = {"kernel_change": 1.0}
    found_better = {}
    for name, (value, error) in found.items():
        offset = offsets.get(name, 0.0)
        size = offset + float(np.max([np.abs(row[name]) for row in rows]))
        floor = relative * size + STEPS_ADD_UP * offset
        found_better[name] = value, np.maximum(error, floor)
    return found_better


def _own(problem: Problem, u: torch.Tensor, W: torch.Tensor) -> tuple[Floats, Floats]:
    """The weights of a problem without the padding of its batch."""
    d, d0 = problem.W0.shape
    return u[:d].numpy(), W[:d, :d0].numpy()


def richardson(values: Sequence[Floats]) -> tuple[Floats, Floats]:
    """Limit of values at halved steps, and its error."""
    limit, error = descent.richardson([torch.tensor(np.asarray(value)) for value in values])
    return limit.numpy(), error.numpy()


def cautious(values: Sequence[Floats]) -> tuple[Floats, Floats]:
    """The same with the error of the extrapolation that lacks the finest run, if that is larger.

    Where steps are long, as on the way to the end, a difference may be small by accident.
    """
    limit, error = richardson(values)
    return limit, np.maximum(error, np.abs(limit - richardson(values[:-1])[0]))


def build_reference(
    problems: Sequence[Problem], *, limits: bool = True, balls: bool = True
) -> Reference:
    """Run descent for all problems, of one network, as one tensor program each."""
    rates = learning_rates(problems)
    times = _before_kinks(problems, 0.8 / rates)
    at_time, runs = _extrapolated(problems, times, STEPS, LEVELS, richardson)
    ends: list[Observed | None] = [None] * len(problems)
    end_rates = [(0.0, 0.0)] * len(problems)
    goes_on = [False] * len(problems)
    if limits:
        ends, end_rates, goes_on = _limits(problems, rates)
    bends = list(zip(
        _bends(problems, times, STEPS),
        _bends(problems, LIMIT_TIME / rates, LIMIT_STEPS) if limits else [False] * len(problems),
        strict=True,
    ))  # fmt: skip
    kinks = list(zip(
        _kinks(problems, times, STEPS),
        _kinks(problems, LIMIT_TIME / rates, LIMIT_STEPS) if limits else [False] * len(problems),
        strict=True,
    ))  # fmt: skip
    cases = [
        Case(
            problem,
            float(rates[k]),
            float(times[k]),
            measure.observe(problem, problem.u0, problem.W0),
            at_time[k],
            runs[k],
            weights_error(at_time[k]["u"], at_time[k]["W"]),
            _slope(problem, runs[k]),
            ends[k],
            end_rates[k],
            goes_on[k],
            bends[k],
            kinks[k],
            _digits(problem, float(times[k])) if balls else None,
        )
        for k, problem in enumerate(problems)
    ]
    network = problems[0].network
    return Reference(network, cases, _field(network), problems[0].loss)


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


def has_a_bend(network: str) -> bool:
    """Whether the slope of σ jumps at 0, by autograd on both sides."""
    h = torch.tensor([-1e-9, 1e-9], dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(activation(network)(h).sum(), h)
    return bool(abs(slope[1] - slope[0]) > 1e-3)


def _bends(problems: Sequence[Problem], times: NDArray[np.float64], steps: int) -> list[bool]:
    """Whether a neuron is at a bend of σ, or on its other side, at any step of a run."""
    if not has_a_bend(problems[0].network):
        return [False] * len(problems)
    tensors, total = batch(problems), torch.tensor(times)
    places = descent.descend(tensors, total / steps, steps, range(steps + 1))
    met = []
    for index, problem in enumerate(problems):
        sides = np.array(
            [
                np.sign(problem.X @ _own(problem, u[index], W[index])[1].T)
                for u, W in places.values()
            ]
        )
        met.append(bool((sides != sides[0]).any() or (sides == 0).any()) and bool(problem.X.any()))
    return met


def _kinks(problems: Sequence[Problem], times: NDArray[np.float64], steps: int) -> list[bool]:
    """Whether an output is at a bend of the loss, or on its other side, at any step of a run."""
    bend = losses.bend(problems[0].loss)
    if bend is None:
        return [False] * len(problems)
    tensors = batch(problems)
    places = descent.descend(tensors, torch.tensor(times) / steps, steps, range(steps + 1))
    sides = torch.stack(
        [bend(descent.outputs(tensors, *at), tensors.targets).sign() for at in places.values()]
    )
    met = ((sides != sides[0]) | (sides == 0)) & (tensors.counted > 0)
    moves = [any((at[part][k] != places[0][part][k]).any() for at in places.values() for part in (0, 1))
             for k in range(len(problems))]  # fmt: skip
    return [
        bool(one.any()) and moved for one, moved in zip(met.transpose(0, 1), moves, strict=True)
    ]


def _before_kinks(problems: Sequence[Problem], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Earlier times for problems whose outputs would meet a bend of the loss before."""
    for _ in range(TRIES):
        if not any(met := _kinks(problems, times, STEPS)):
            break
        times = np.where(met, times / EARLIER, times)
    return times


def _digits(problem: Problem, t: float) -> Digits | Exception | None:
    """What balls say, or raise: a failure of theirs is one of the theory."""
    network = catalogue.load(problem.network)
    tried = WITH_BALLS.get(problem.network, (problem.name,))
    has_balls = exact_flow(network, catalogue.load_loss(problem.loss)) is not None
    if problem.name not in tried or not has_balls or not problem.has_the_default_loss:
        return None
    try:
        return _by_balls(problem, t, network)
    except Exception as error:
        return error


def _by_balls(problem: Problem, t: float, network: catalogue.Network) -> Digits | None:
    """Scalars from balls at some times; None for data that rounding took off the line."""
    exact = ExactProblem(
        network=network,
        u0=tuple(map(rational, problem.u0)),
        W0=rational_rows(problem.W0),
        X=rational_rows(problem.X.tolist()),
        targets=tuple(map(rational, problem.targets.tolist())),
        is_set=True,
        loss=catalogue.load_loss(problem.loss),
        reduction=problem.reduction,
        gamma=rational(problem.gamma),
        eta_u=rational(problem.eta_u),
        eta_w=rational(problem.eta_w),
    )
    try:
        on_a_line(exact.X)
    except InputError:
        return None
    kind = exact_flow(network, exact.loss)
    assert kind is not None
    factors, digits = TRIED[kind]
    flow, times = kind.of(exact), [factor * t for factor in factors]
    snapshots, _ = flow.solve([rational(z) for z in times], digits, weights=False)
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
) -> tuple[list[Observed | None], list[tuple[float, float]], list[bool]]:
    """Where descent ends: the limit of small steps, for problems that have converged by then."""
    observed, runs = _extrapolated(problems, LIMIT_TIME / rates, LIMIT_STEPS, END_LEVELS, cautious)
    tensors = batch(problems)
    kernels = []
    for level in range(END_LEVELS):
        u, W = _padded(tensors, [run[level] for run in runs])
        kernels.append(descent.tangent_kernel_rate(tensors, u, W).numpy())
    by_u, by_W = descent.gradient(tensors, u, W)
    size = ((u**2).sum(1) + (W**2).sum((1, 2))).numpy()
    by_layer = (tensors.eta_u * by_u.norm(dim=1), tensors.eta_w * by_W.norm(dim=(1, 2)))
    speed = torch.hypot(*by_layer).numpy()
    first = descent.tangent_kernel_rate(tensors, tensors.u, tensors.W).numpy()
    # Of a high power of small weights the kernel may be far slower than the pull of the target.
    slowest = np.minimum(rates, np.maximum(first, kernels[-1]))
    output, residual = (  # where the minimum is at infinity, only what moves no more has converged
        np.array([float(z[name][0]) if name in z else 0.0 for z in observed])
        for name in ("output", "residual")
    )
    still = (speed <= STILL * slowest * np.sqrt(size)) & (
        kernels[-1] * np.abs(residual) <= STILL * slowest * (np.abs(output) + np.abs(residual))
    )
    ended = [
        values if ok and _is_resolved(ends) else None
        for values, ends, ok in zip(observed, runs, still, strict=True)
    ]
    end_rates = [cautious([kernel[k] for kernel in kernels]) for k in range(len(problems))]
    plain = torch.full_like(tensors.targets, 2.0)
    alive = [descent.tangent_kernel_rate(tensors, *at, plain).numpy()
             for at in ((tensors.u, tensors.W), (u, W))]  # fmt: skip
    goes_on = [bool(end >= ALIVE * start > 0) for start, end in zip(*alive, strict=True)]
    return ended, [(float(value), float(error)) for value, error in end_rates], goes_on


def _is_resolved(ends: Sequence[tuple[Floats, Floats]]) -> bool:
    """Whether halving the step halves the distance to the next end, or nothing is left to halve.

    Long steps may have diverged, or have passed a saddle on its other side: then all may agree on a
    wrong valley, but they do not approach it with order one.
    """
    points = [np.append(u, W) for u, W in ends]
    if not all(np.isfinite(point).all() for point in points):
        return False
    steps = [float(np.linalg.norm(a - b)) for a, b in itertools.pairwise(points)]
    if steps[-1] <= ROUNDED * float(np.linalg.norm(points[-1])):
        return True
    return all(abs(a / b / 2 - 1) <= HALVED for a, b in itertools.pairwise(steps))


def _padded(
    tensors: Batch, ends: Sequence[tuple[Floats, Floats]]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights of every problem, filled up with zeros to the size of the batch."""
    d, d0 = tensors.u.shape[1], tensors.W.shape[2]
    u = np.array([np.pad(u, (0, d - u.size)) for u, _ in ends])
    W = np.array([np.pad(W, ((0, d - W.shape[0]), (0, d0 - W.shape[1]))) for _, W in ends])
    return torch.tensor(u), torch.tensor(W)
