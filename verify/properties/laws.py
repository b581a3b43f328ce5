"""Conservation, along descent that torch ran: of every neuron, between neurons, and step by step."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from numeric.catalogue import Network
from verify.oracle import descent, measure
from verify.oracle.extrapolation import richardson
from verify.oracle.problem import Floats, Problem, batch
from verify.oracle.reference import STEPS, Case, Reference
from verify.properties.descent import bent
from verify.properties.flows import Maker, evaluators
from verify.properties.outcome import LeftOut, Results, ratio

ROUNDED = 1e-4  # times `FLOOR`: a few roundings of a term of order one
NO_INPUT = "x = 0: the first layer takes no part"
STILL = "nothing moves: no clock runs"
ON_A_LINE, CLOSE_TO_A_LINE = 1e-14, 1e-4  # of |E| relative to its terms: F cancels in between


def keeps_its_laws(case: Case, reference: Reference, make: Maker) -> Results:
    """The theory's law of each neuron is, along extrapolated descent, what it was at the start."""
    problem = case.problem
    x = measure.place(problem)
    if not x.any():
        yield LeftOut(NO_INPUT)
        return
    if (reason := bent(case)) is not None:
        yield reason
        return
    network = evaluators(make, problem)
    laws = [_law(network, problem)]
    if "state" in network.module.CAPABILITIES:
        laws.append(_products(network, problem))
    for law in laws:
        yield from _is_kept(law, case)
    if hasattr(network.module, "conserved"):
        yield f"{problem.name}: in units of u²", _unit(network, problem)


def _is_kept(law: Law, case: Case) -> Results:
    changes, sizes = zip(*(law(*run) for run in case.runs), strict=True)
    change, error = richardson(changes)
    for neuron in range(case.problem.u0.size):
        size = float(max(z[neuron] for z in sizes))
        its_error = np.maximum(error[neuron], case.weights_error * size)  # see `reference`
        yield (
            f"{case.problem.name}: neuron {neuron + 1}",
            ratio(np.zeros(()), change[neuron], its_error, size),
        )


Law = Callable[[Floats, Floats], tuple[Floats, Floats]]  # weights → change since start, its terms


def _products(network: Network, problem: Problem) -> Law:
    """Of the linear network: p q."""
    module, e = network.module, measure.direction(problem)

    def both(u: Floats, W: Floats) -> tuple[Floats, Floats]:
        p, q = (z(u, W @ e, problem.eta_u, problem.eta_w) for z in (module.growing, module.falling))
        terms = problem.eta_u * (W @ e) ** 2 + problem.eta_w * u * u
        return np.asarray(p * q, dtype=float), terms

    start, terms = both(problem.u0, problem.W0)

    def law(u: Floats, W: Floats) -> tuple[Floats, Floats]:
        now, size = both(u, W)
        return now - start, size + terms

    return law


def _parameters(network: Network, problem: Problem) -> tuple[Floats, object]:
    x = measure.place(problem)
    given = (problem.gamma, problem.eta_u, problem.eta_w, float(x @ x))
    return x, network.parameters(*given)


def _law(network: Network, problem: Problem) -> Law:
    """`conserved`, or u² − 2∫g dh by quadrature from `orbit_slope`."""
    from scipy.integrate import quad

    m, given = _parameters(network, problem)
    u_0, h_0 = problem.u0, problem.W0 @ m
    if hasattr(network.module, "conserved"):
        first = network.module.conserved(u_0, h_0, given)
        # cos h and its like are 1 at h = 0, and the rounding of that 1 remains.
        constant = np.array(ROUNDED * problem.eta_u / (problem.eta_w * float(m @ m)))

        def law(u: Floats, W: Floats) -> tuple[Floats, Floats]:
            now = network.module.conserved(u, W @ m, given)
            terms = (u * u, u_0 * u_0, np.abs(first - u_0 * u_0), np.abs(now - u * u), constant)
            return now - first, sum(terms, np.zeros(u.shape))

        return law

    def slope(h: float) -> float:
        return float(network.module.orbit_slope(np.float64(h), given))

    def along(u: Floats, W: Floats) -> tuple[Floats, Floats]:
        pairs = zip(h_0, W @ m, strict=True)
        gone = [quad(slope, a, b, epsabs=0, epsrel=1e-13, limit=200)[0] if a != b else 0.0
                for a, b in pairs]  # fmt: skip
        work = 2 * np.array(gone)
        # Where g is steep, as e^{h²} is, errors of h are felt.
        steep = 2 * np.abs([slope(z) for z in W @ m]) * (np.abs(W) @ np.abs(m))
        return u * u - u_0 * u_0 - work, u * u + u_0 * u_0 + np.abs(work) + steep

    return along


def _unit(network: Network, problem: Problem) -> float:
    """Law(u, h) − law(0, h) = u², as the unit of the law has it."""
    m, given = _parameters(network, problem)
    u, h = problem.u0 + 0.7, problem.W0 @ m
    with_u, without = (network.module.conserved(z, h, given) for z in (u, 0 * u))
    allowed = 1e-13 * (np.abs(with_u) + np.abs(without) + u * u)
    return float(np.max(np.abs(with_u - without - u * u) / allowed))


@dataclass(frozen=True)
class _Clock:
    """F of the derivation as functions: arguments u, h, γ, η_u, η_w, ρ, and z, ε for `values`."""

    energy: Callable[..., Floats]
    coordinate: dict[str, Callable[..., Floats]]
    values: dict[str, Callable[..., Floats]]


@functools.cache
def clock_of(name: str) -> _Clock | None:
    """The clock of a network, or None where an integral in it is not closed."""
    import sympy

    from symbolic.laws import conservation
    from symbolic.models import load
    from symbolic.network import gradient_flow
    from symbolic.warp import clock

    field = gradient_flow.derive(load(name))
    found = clock.derive(field, conservation.derive(field))
    if not found.is_closed:
        return None
    names = [
        sympy.Symbol(z) for z in ("u_i", "h_i", "gamma", "eta_u", "eta_w", "rho", "z", "epsilon")
    ]

    def function(expression: sympy.Expr) -> Callable[..., Floats]:
        plain = expression.xreplace({z: sympy.Symbol(z.name) for z in expression.free_symbols})
        made: Callable[..., Floats] = sympy.lambdify(names, plain, "numpy")
        return made

    return _Clock(
        function(found.energy),
        {name: function(z) for name, z in found.coordinate.items()},
        {name: function(z) for name, z in found.values.items()},
    )


def clocks_agree(case: Case, reference: Reference, make: Maker) -> Results:
    """F of each neuron advances, along extrapolated descent, by the same: by warped time."""
    problem = case.problem
    x = measure.place(problem)
    clock = clock_of(problem.network)
    if clock is None:
        yield LeftOut("F is not closed")
        return
    if not x.any() or not problem.gamma or not (problem.u0.any() or problem.W0.any()):
        yield LeftOut(STILL)
        return
    flow = make(problem)
    warped_time = getattr(flow, "warped_time", None)
    m = x if warped_time is None else flow.point.vector  # type: ignore[attr-defined]
    advances: list[tuple[Floats, Floats, float]] = []
    for neuron, (u_0, w_0) in enumerate(zip(problem.u0, problem.W0, strict=True)):
        place = f"{problem.name}: neuron {neuron + 1}"
        found = _advance(clock, problem, m, neuron, u_0, w_0 @ m, case)
        if isinstance(found, LeftOut):
            yield found
            continue
        value, error, size = found
        if warped_time is None:
            for other, its_error, its_size in advances:
                yield place, ratio(value, other, error + its_error, size + its_size)
        else:
            s = np.asarray(warped_time(case.time))
            yield place, ratio(s, value, error, size)
        advances.append((value, error, size))


def _advance(
    clock: _Clock,
    problem: Problem,
    m: Floats,
    neuron: int,
    u_0: float,
    h_0: float,
    case: Case,
) -> tuple[Floats, Floats, float] | LeftOut:
    """By how much F advances from the start to T, its error, and the size of its terms."""
    from symbolic.warp.orbits import Orbit

    if h_0 == 0:
        return LeftOut("h = 0: the neuron has no clock, or F is at a pole")
    given = (problem.gamma, problem.eta_u, problem.eta_w, float(np.linalg.norm(m)))
    energy, size = (float(clock.energy(z, h_0, *given, 0, 0)) for z in (u_0, 0.0))
    near = abs(energy) / (u_0 * u_0 + abs(size))
    if ON_A_LINE < near < CLOSE_TO_A_LINE:
        return LeftOut("E almost 0: F cancels")
    if abs(size) < CLOSE_TO_A_LINE * u_0 * u_0:
        return LeftOut("u² almost E: F cancels")
    line = Orbit.GROWING if u_0 * h_0 > 0 else Orbit.DYING
    side = Orbit.POSITIVE if energy > 0 else Orbit.NEGATIVE
    branch = line if near <= ON_A_LINE else side
    epsilon = abs(energy) ** 0.5

    def value(u: float, h: float) -> Floats:
        z = clock.coordinate[branch](u, h, *given, 0, 0)
        # Logarithms are of absolute values: the real part of those of complex numbers.
        return np.asarray(np.real(clock.values[branch](u, h, *given, complex(z), complex(epsilon))))

    start = value(u_0, h_0)
    ends = [value(u[neuron], float(W[neuron] @ m)) for u, W in case.runs]
    advance, error = richardson([end - start for end in ends])
    size = float(abs(start) + abs(ends[-1]))
    return advance, np.maximum(error, case.weights_error * size), size


def drifts_exactly(case: Case, reference: Reference, make: Maker) -> Results:
    """One step h of descent changes a quadratic law θᵀSθ by exactly h² gᵀMSMg (M the rates)."""
    problem = case.problem
    tensors, h = batch([problem]), case.time / STEPS
    after = descent.descend(tensors, torch.tensor([h], dtype=torch.float64), 1)[1]
    by_u, by_W = (g[0].numpy() for g in descent.gradient(tensors, tensors.u, tensors.W))
    d, d0 = problem.W0.shape
    u, W = after[0][0, :d].numpy(), after[1][0, :d, :d0].numpy()

    def law(u: Floats, W: Floats) -> Floats:
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
