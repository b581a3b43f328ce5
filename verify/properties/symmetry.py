"""Properties of the theory with itself: composition in time, and symmetries of the equations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from verify.networks import power
from verify.oracle.problem import Floats, Problem
from verify.oracle.reference import Case, Reference
from verify.properties.flows import Maker
from verify.properties.outcome import LeftOut, Results, ratio

Layers = tuple[Floats, Floats]
Back = Callable[[Floats, Floats], Layers]


def _layers(problem: Problem, value: Layers, again: Layers) -> Results:
    start = problem.u0, problem.W0
    for layer, one, two, begin in zip("uW", value, again, start, strict=True):
        size = 100 * float(np.abs(one).max() + np.abs(begin).max())
        yield f"{problem.name}: {layer}", ratio(two, one, np.zeros(()), size)


def composes(case: Case, reference: Reference, make: Maker) -> Results:
    """Flowing for T/3 and then for 2T/3 is flowing for T."""
    problem, t = case.problem, case.time
    flow = make(problem)
    rest = make(replace(problem, u0=flow.u(t / 3), W0=flow.W(t / 3)))
    again = rest.u(2 * t / 3), rest.W(2 * t / 3)
    yield from _layers(problem, (flow.u(t), flow.W(t)), again)


def _same(case: Case, make: Maker, other: Problem, pace: float, back: Back) -> Results:
    flow, changed, t = make(case.problem), make(other), case.time
    again = back(changed.u(t * pace), changed.W(t * pace))
    yield from _layers(case.problem, (flow.u(t), flow.W(t)), again)


def ignores_the_order_of_neurons(case: Case, reference: Reference, make: Maker) -> Results:
    """Reversing the neurons reverses the trajectory's neurons, and nothing else."""
    problem = case.problem
    if problem.u0.size == 1:
        yield LeftOut("one neuron has one order")
        return
    other = replace(problem, u0=problem.u0[::-1], W0=problem.W0[::-1])
    yield from _same(case, make, other, 1.0, lambda u, W: (u[::-1], W[::-1]))


def exchanges_layers(case: Case, reference: Reference, make: Maker) -> Results:
    """At d₀ = 1 the two layers of the linear network and their rates may be exchanged."""
    problem = case.problem
    if problem.W0.shape[1] != 1:
        yield LeftOut("layers of different shapes")
        return
    swapped = replace(
        problem, u0=problem.W0[:, 0], W0=problem.u0[:, None],
        eta_u=problem.eta_w, eta_w=problem.eta_u,
    )  # fmt: skip
    yield from _same(case, make, swapped, 1.0, lambda u, W: (W[:, 0], u[:, None]))


def scales(case: Case, reference: Reference, make: Maker) -> Results:
    """Time against both rates; for h^β also weights c, γ/c^(β+1), rates c² (footnote 5)."""
    problem, pace = case.problem, 0.25
    beta = power(problem.network)
    c = 3.0 if beta else 1.0
    larger = replace(
        problem,
        u0=c * problem.u0,
        W0=c * problem.W0,
        gamma=problem.gamma / c ** ((beta or 0) + 1),
        eta_u=problem.eta_u * c**2 / pace,
        eta_w=problem.eta_w * c**2 / pace,
    )
    yield from _same(case, make, larger, pace, lambda u, W: (u / c, W / c))


def is_continuous_in_gamma(case: Case, reference: Reference, make: Maker) -> Results:
    """A network that cannot move (γ = 0) is the limit of one that hardly does."""
    problem, t = case.problem, case.time
    still, slow = (make(replace(problem, gamma=g)) for g in (0.0, 1e-20))
    for name in ("overlap", "alignment", "alignment_slope", "norm_u", "norm_omega", "norm_W"):
        one, two = (float(getattr(flow, name)(t)) for flow in (still, slow))
        layers = float(still.norm_u(t) + still.norm_omega(t))
        size = layers**2 if name == "overlap" else layers * name.startswith("norm")
        if np.isfinite(one) and np.isfinite(two):
            allowed = 1e-9 * (abs(one) + size) + 1e-300
            yield f"{problem.name}: {name}", abs(one - two) / allowed
        else:
            yield LeftOut("zero layers have no direction")
