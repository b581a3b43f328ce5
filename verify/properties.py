"""The properties that must hold, each with a name, over a set of problems.

A property compares `numeric.flow.GradientFlow` (or a mutant of it) with descent that torch ran, or
with itself under a symmetry. Its outcome is a number beside the bound it must respect, never a bare
yes. Errors of the oracle are part of the bound: an extrapolation that cannot be believed is a
failure of the oracle and reported as such, not passed.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from numeric.flow import GradientFlow
from verify import descent, measure
from verify.problems import Floats, Problem, batch
from verify.reference import STEPS, Reference

FLOOR = 1e-11  # of a comparison with an extrapolation, relative to the size of the observable
ORDER_BAND = 0.15

FlowClass = type[GradientFlow]


@dataclass(frozen=True)
class Outcome:
    """The worst case of one property.

    Attributes:
        name: of the property.
        worst: the largest ratio of error to allowed error; the property holds when it is ≤ 1.
        cases: how many comparisons were made.
        where: the problem and quantity of the worst case.
    """

    name: str
    worst: float
    cases: int
    where: str

    @property
    def holds(self) -> bool:
        """Whether every comparison was within its bound, and there was at least one."""
        return self.cases > 0 and self.worst <= 1

    def as_json(self) -> dict[str, Any]:
        """For `json.dumps`."""
        return {
            "name": self.name,
            "holds": bool(self.holds),
            "cases": self.cases,
            "worst": float(self.worst),
            "where": self.where,
        }


def build_flow(problem: Problem, kind: FlowClass = GradientFlow) -> GradientFlow:
    """The theory of a problem."""
    arguments, rates = problem.arguments()
    return kind(*arguments, **rates)


def theory(flow: GradientFlow, t: float) -> dict[str, Floats]:
    """Every observable the theory gives, under the names of `measure.observe`."""
    inputs = flow.W0.shape[1]
    names = (
        "u", "W", "output", "residual", "loss", "overlap", "alignment", "norm_u", "norm_omega", "norm_W",
        "alpha",
    )  # fmt: skip
    values = {name: getattr(flow, name)(t) for name in names}
    values["tangent_kernel"] = flow.tangent_kernel(t, *measure.KERNEL_INPUTS[:, :inputs])
    values["population_loss"] = flow.population_loss(t, *measure.POPULATION)
    return {name: np.asarray(value) for name, value in values.items()}


Comparison = tuple[str, float]


def _ratio(value: Floats, measured: Floats, error: Floats, size: float) -> float:
    """Error over allowed error; infinite where only one of the two is a number."""
    value, measured = np.asarray(value, dtype=float), np.asarray(measured, dtype=float)
    if not np.array_equal(np.isnan(value), np.isnan(measured)):
        return np.inf
    if np.isnan(value).all():
        return 0.0
    allowed = FLOOR * size + 1e-300 + 2 * np.asarray(error)
    return float(np.nanmax(np.abs(value - measured) / allowed))


def _compare(
    flow: GradientFlow,
    t: float,
    measured: dict[str, tuple[Floats, Floats]],
    start: dict[str, Floats],
) -> Iterator[Comparison]:
    computed = theory(flow, t)
    output = max(abs(float(measured["output"][0])), abs(float(flow.constants.y)))
    extra = {"residual": output, "loss": output**2}  # the oracle takes differences of outputs
    vanished = min(float(measured[n][0]) for n in ("norm_u", "norm_W")) < 1e-9 * float(
        start["norm_u"] + start["norm_W"]
    )
    for name, (value, error) in measured.items():
        if name == "alpha" and not (flow.u0.any() or flow.W0.any()):
            continue  # nothing grows in a network of zeros
        if name == "alignment" and np.isinf(t) and vanished:
            continue  # a layer ends at zero and has no direction there
        size = max(np.nanmax(np.abs(np.append(z, 0.0))) for z in (value, start[name]))
        yield name, _ratio(computed[name], value, error, float(size) + extra.get(name, 0.0) + 1e-30)


def _fold(name: str, comparisons: Iterator[Comparison]) -> Outcome:
    worst, cases, where = 0.0, 0, ""
    for place, ratio in comparisons:
        cases += 1
        if not ratio <= worst:
            worst, where = (ratio if ratio == ratio else np.inf), place
    return Outcome(name, worst, cases, where)


Property = Callable[[Reference, FlowClass], Iterator[Comparison]]


def agrees_with_descent(reference: Reference, kind: FlowClass) -> Iterator[Comparison]:
    """Every observable at time T equals extrapolated descent."""
    for problem, t, start, measured in zip(
        reference.problems, reference.times, reference.start, reference.at_time, strict=True
    ):
        for name, ratio in _compare(build_flow(problem, kind), t, measured, start):
            yield f"{problem.name}: {name}", ratio


def starts_at_the_start(reference: Reference, kind: FlowClass) -> Iterator[Comparison]:
    """At t = 0 every observable is what is measured of the initial weights."""
    for problem, start in zip(reference.problems, reference.start, strict=True):
        exact = {name: (value, np.zeros(())) for name, value in start.items()}
        for name, ratio in _compare(build_flow(problem, kind), 0.0, exact, start):
            yield f"{problem.name}: {name}", ratio


def ends_where_descent_ends(reference: Reference, kind: FlowClass) -> Iterator[Comparison]:
    """At t = ∞ every observable is where converged descent is, and t_c is 2 over the kernel."""
    for problem, start, measured, rate in zip(
        reference.problems, reference.start, reference.limit, reference.limit_rate, strict=True
    ):
        if measured is None:
            continue
        flow = build_flow(problem, kind)
        for name, ratio in _compare(flow, np.inf, measured, start):
            yield f"{problem.name}: {name}", ratio
        if rate > 0 and not np.allclose(flow.output(np.inf), 0):
            yield f"{problem.name}: t_c", abs(flow.t_c * rate / 2 - 1) / 0.05


def approaches_its_limit(reference: Reference, kind: FlowClass) -> Iterator[Comparison]:
    """Late times lead to the limit, saddles and slow power laws included."""
    for problem, rate in zip(reference.problems, reference.rates, strict=True):
        flow = build_flow(problem, kind)
        yield f"{problem.name}: t_c is positive", 0.0 if flow.t_c > 0 else np.inf
        fast = np.isfinite(flow.t_c)
        late = 40 * flow.t_c if fast else 1e13 / rate
        tolerance = 1e-9 if fast else 1e-4
        near, far = theory(flow, late), theory(flow, np.inf)
        for name in ("u", "W", "output", "norm_u", "norm_W", "residual", "loss"):
            size = np.abs(theory(flow, 0.0)[name]).max() + np.abs(far[name]).max() + 1e-30
            yield (
                f"{problem.name}: {name}",
                float(np.abs(near[name] - far[name]).max() / size / tolerance),
            )
        if flow.u0.any() or flow.W0.any():
            both = [np.arctan(float(z["alpha"])) for z in (near, far)]
            yield f"{problem.name}: alpha", abs(both[0] - both[1]) / tolerance


def has_order_one(reference: Reference, kind: FlowClass) -> Iterator[Comparison]:
    """The error of descent falls with order 1 ± 0.15 over four halvings of the step."""
    for problem, t, runs in zip(reference.problems, reference.times, reference.runs, strict=True):
        flow = build_flow(problem, kind)
        u, W = flow.u(t), flow.W(t)
        size = np.abs(u).max() + np.abs(W).max()
        errors = [np.sqrt(((a - u) ** 2).sum() + ((b - W) ** 2).sum()) for a, b in runs]
        if errors[-1] <= 1e-9 * size + 1e-300:
            continue  # at the rounding floor, or nothing moves
        for coarse, fine in itertools.pairwise(errors):
            yield problem.name, abs(np.log2(coarse / fine) - 1) / ORDER_BAND


def composes(reference: Reference, kind: FlowClass) -> Iterator[Comparison]:
    """Flowing for T/3 and then for 2T/3 is flowing for T."""
    for problem, t in zip(reference.problems, reference.times, strict=True):
        flow = build_flow(problem, kind)
        halfway = replace(problem, u0=flow.u(t / 3), W0=flow.W(t / 3))
        for name in ("u", "W"):
            value, again = (
                getattr(flow, name)(t),
                getattr(build_flow(halfway, kind), name)(2 * t / 3),
            )
            yield (
                f"{problem.name}: {name}",
                _ratio(again, value, np.zeros(()), 100 * np.abs(value).max()),
            )


def _same(
    reference: Reference,
    kind: FlowClass,
    change: Callable[
        [Problem], tuple[Problem, float, Callable[[Floats, Floats], tuple[Floats, Floats]]]
    ],
) -> Iterator[Comparison]:
    for problem, t in zip(reference.problems, reference.times, strict=True):
        other, pace, back = change(problem)
        flow, changed = build_flow(problem, kind), build_flow(other, kind)
        u, W = back(changed.u(t * pace), changed.W(t * pace))
        for name, value, again in (("u", flow.u(t), u), ("W", flow.W(t), W)):
            yield (
                f"{problem.name}: {name}",
                _ratio(again, value, np.zeros(()), 100 * np.abs(value).max()),
            )


def ignores_the_order_of_neurons(reference: Reference, kind: FlowClass) -> Iterator[Comparison]:
    """Reversing the neurons reverses the trajectory's neurons, and nothing else."""

    def reverse(problem: Problem) -> Any:
        return (
            replace(problem, u0=problem.u0[::-1], W0=problem.W0[::-1]),
            1.0,
            lambda u, W: (u[::-1], W[::-1]),
        )

    return _same(reference, kind, reverse)


def exchanges_layers(reference: Reference, kind: FlowClass) -> Iterator[Comparison]:
    """At d₀ = 1 the two layers and their rates may be exchanged."""
    single = [k for k, p in enumerate(reference.problems) if p.W0.shape[1] == 1]

    def exchange(problem: Problem) -> Any:
        swapped = replace(
            problem, u0=problem.W0[:, 0], W0=problem.u0[:, None],
            eta_u=problem.eta_w, eta_w=problem.eta_u,
        )  # fmt: skip
        return swapped, 1.0, lambda u, W: (W[:, 0], u[:, None])

    part = replace(
        reference,
        problems=[reference.problems[k] for k in single],
        times=reference.times[single],
    )
    return _same(part, kind, exchange)


def scales(reference: Reference, kind: FlowClass) -> Iterator[Comparison]:
    """Weights c, γ/c², rates c² (the paper's footnote 5), and time against both rates."""
    c, pace = 3.0, 0.25

    def scale(problem: Problem) -> Any:
        larger = replace(
            problem,
            u0=c * problem.u0,
            W0=c * problem.W0,
            gamma=problem.gamma / c**2,
            eta_u=problem.eta_u * c**2 / pace,
            eta_w=problem.eta_w * c**2 / pace,
        )
        return larger, pace, lambda u, W: (u / c, W / c)

    return _same(reference, kind, scale)


def is_monotone(reference: Reference, kind: FlowClass) -> Iterator[Comparison]:
    """Output and alignment are monotone in time, the loss never rises."""
    for problem, t in zip(reference.problems, reference.times, strict=True):
        flow = build_flow(problem, kind)
        times = t * np.linspace(0, 4, 33)
        for name in ("output", "alignment", "loss"):
            values = getattr(flow, name)(times)
            if np.isnan(values).any():
                continue
            change = np.diff(values) if name != "loss" else -np.diff(values)
            backwards = min(np.clip(change, 0, None).max(), np.clip(-change, 0, None).max())
            if name == "loss":
                backwards = np.clip(-change, 0, None).max()
            yield (
                f"{problem.name}: {name}",
                float(backwards / (1e-14 * np.abs(values).max() + 1e-300)),
            )


def has_the_measured_slope(reference: Reference, kind: FlowClass) -> Iterator[Comparison]:
    """dζ/dα equals the quotient of both changes along descent."""
    for problem, t, slope in zip(reference.problems, reference.times, reference.slope, strict=True):
        value = float(build_flow(problem, kind).alignment_slope(t))
        if np.isfinite(slope):
            yield problem.name, abs(value - slope) / (1e-5 * (abs(slope) + abs(value)) + 1e-9)


def tells_the_time(reference: Reference, kind: FlowClass) -> Iterator[Comparison]:
    """The time to the loss that descent has at T is T."""
    for problem, t, measured in zip(
        reference.problems, reference.times, reference.at_time, strict=True
    ):
        value, error = measured["loss"]
        start = measure.observe(problem, problem.u0, problem.W0)["loss"]
        moved = float(start - value)
        if moved > 1e-3 * float(start):
            told = float(build_flow(problem, kind).time_to_loss(value))
            yield problem.name, abs(told / t - 1) / (1e-7 + 100 * float(error) / moved)


def drifts_exactly(reference: Reference, kind: FlowClass) -> Iterator[Comparison]:
    """One step h of descent changes a quadratic law θᵀSθ by exactly h² gᵀMSMg (M the rates)."""
    for problem, total in zip(reference.problems, reference.times, strict=True):
        tensors, h = batch([problem]), float(total) / STEPS
        after = descent.descend(tensors, torch.tensor([h], dtype=torch.float64), 1)[1]
        by_u, by_W = (g[0].numpy() for g in descent.gradient(tensors, tensors.u, tensors.W))
        d, d0 = problem.W0.shape
        u, W = after[0][0, :d].numpy(), after[1][0, :d, :d0].numpy()

        def law(u: Floats, W: Floats, problem: Problem = problem) -> Floats:
            return problem.eta_u * (W * W).sum(1) - problem.eta_w * u * u

        drift = law(u, W) - law(problem.u0, problem.W0)
        exact = h**2 * law(problem.eta_u * by_u[:d], problem.eta_w * by_W[:d, :d0])
        size = sum(
            problem.eta_u * (b * b).sum(1) + problem.eta_w * a * a
            for a, b in ((u, W), (problem.u0, problem.W0), (u - problem.u0, W - problem.W0))
        )
        # First-order terms cancel; they are as large as the sum over the data they come from.
        hidden = np.abs(problem.X) @ np.abs(problem.W0).T
        errors = np.abs(problem.gamma) * hidden @ np.abs(problem.u0) + np.abs(problem.targets)
        terms = np.abs(problem.gamma * problem.u0) * np.mean(errors[:, None] * hidden, axis=0)
        size = size + 4 * h * problem.eta_u * problem.eta_w * terms
        yield problem.name, float((np.abs(drift - exact) / (1e-14 * size + 1e-300)).max())


def keeps_its_digits(reference: Reference, kind: FlowClass) -> Iterator[Comparison]:
    """Float64 scalars agree with the balls to 1e-12 relative, early, midway and late."""
    for problem, by_time in zip(reference.problems, reference.digits, strict=True):
        flow = build_flow(problem, kind)
        for t, values in by_time.items():
            for name, value in values.items():
                computed = float(getattr(flow, name)(t))
                error = abs(computed - value) / (abs(value) + 1e-300)
                yield f"{problem.name}: {name} at {t:.3g}", error / 1e-12


def is_continuous_in_gamma(reference: Reference, kind: FlowClass) -> Iterator[Comparison]:
    """A network that cannot move (γ = 0) is the limit of one that hardly does."""
    for problem, t in zip(reference.problems, reference.times, strict=True):
        still, slow = (build_flow(replace(problem, gamma=g), kind) for g in (0.0, 1e-20))
        for name in ("overlap", "alignment", "alignment_slope", "norm_u", "norm_omega", "norm_W"):
            one, two = (float(getattr(flow, name)(t)) for flow in (still, slow))
            layers = float(still.norm_u(t) + still.norm_omega(t))
            size = layers**2 if name == "overlap" else layers * name.startswith("norm")
            if np.isfinite(one) and np.isfinite(two):  # zero layers have no direction
                yield (
                    f"{problem.name}: {name}",
                    abs(one - two) / (1e-9 * (abs(one) + size) + 1e-300),
                )


BY_THEORY: tuple[Property, ...] = (
    agrees_with_descent,
    tells_the_time,
    has_the_measured_slope,
    starts_at_the_start,
    ends_where_descent_ends,
    keeps_its_digits,
    approaches_its_limit,
    is_continuous_in_gamma,
    has_order_one,
    composes,
    ignores_the_order_of_neurons,
    exchanges_layers,
    scales,
    is_monotone,
)
PROPERTIES: tuple[Property, ...] = (*BY_THEORY, drifts_exactly)


def check(
    reference: Reference,
    kind: FlowClass = GradientFlow,
    properties: Sequence[Property] = PROPERTIES,
) -> list[Outcome]:
    """All outcomes."""
    return [_fold(p.__name__, p(reference, kind)) for p in properties]


def first_violation(
    reference: Reference, kind: FlowClass, properties: Sequence[Property] = BY_THEORY
) -> str | None:
    """The first comparison that fails, or None: what a mutant is refuted by."""
    for p in properties:
        for place, ratio in p(reference, kind):
            if not ratio <= 1:
                return f"{p.__name__}: {place}"
    return None
