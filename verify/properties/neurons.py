"""Properties of single neurons: their field, measured by autograd, and their closed flow map."""

from __future__ import annotations

import functools
import itertools
from typing import Any

import mpmath
import numpy as np

from numeric.catalogue import Network
from verify.networks import power
from verify.oracle import measure
from verify.oracle.problem import Floats
from verify.oracle.reference import Case, Reference
from verify.properties.flows import Maker, evaluators
from verify.properties.outcome import LeftOut, Results

FIELD = 1e-13  # of σ and what is made of it, relative to the largest value
MAPPED = 1e-11  # of a flow map, relative to the neuron's size
STRETCH = (-0.4, -0.15, 0.15, 0.4)  # in units of the neuron's own rate
REMOTE = 1e6  # a pole so far out, in the same units, is where rounding of E = 0 puts it
CUBIC = 3  # of which μ = 0
FAR = (-6.0, 6.0)  # where S and T are large


def has_the_measured_field(case: Case, reference: Reference, make: Maker) -> Results:
    """σ is torch's; output, velocities and kernel are made of γ, u, σ, σ′ and the rates."""
    problem, field = case.problem, reference.field
    module = evaluators(make, problem).module
    x = measure.place(problem)
    gamma, eta_u, eta_w, rho_2 = problem.gamma, problem.eta_u, problem.eta_w, float(x @ x)
    given = evaluators(make, problem).parameters(gamma, eta_u, eta_w, rho_2)
    for u in (*problem.u0, 0.7):
        h, sigma, slope = field.h, field.sigma, field.slope
        bent = eta_u * sigma * slope + eta_w * rho_2 * u**2 * slope * field.curvature
        wanted = {
            "activation": (module.activation(h, given), sigma),
            "output": (module.output(u, h, given), gamma * u * sigma),
            "velocity_u": (module.velocity_u(h, given), eta_u * gamma * sigma),
            "velocity_h": (module.velocity_h(u, h, given), eta_w * gamma * rho_2 * u * slope),
            "kernel": (
                module.kernel(u, h, given),
                gamma**2 * (eta_u * sigma**2 + eta_w * rho_2 * (u * slope) ** 2),
            ),
            "kernel_by_u": (
                module.kernel_by_u(u, h, given),
                2 * gamma**2 * eta_w * rho_2 * u * slope**2,
            ),
            "kernel_by_h": (module.kernel_by_h(u, h, given), 2 * gamma**2 * bent),
        }
        for name, (value, measured) in wanted.items():
            allowed = FIELD * float(np.abs(measured).max()) + 1e-300
            yield f"{problem.name}: {name}", float(np.max(np.abs(value - measured)) / allowed)


def maps_its_neurons(case: Case, reference: Reference, make: Maker) -> Results:
    """All forms of the flow map go where integration goes, and end at the pole they state."""
    problem = case.problem
    x = measure.place(problem)
    if not x.any() or not problem.gamma:
        yield LeftOut("x = 0 or γ = 0: neurons rest in warped time too")
        return
    # A unit vector, with which E = 0 is exact where a problem pins it, and one of another length.
    for m in (measure.direction(problem), x):
        for index, (u, h) in enumerate(zip(problem.u0, problem.W0 @ m, strict=True)):
            if h == 0:
                yield LeftOut("h = 0: the neuron does not move")
            else:
                where = f"{problem.name}: neuron {index + 1}"
                yield from _maps(case, make, float(u), float(h), float(m @ m), where)


def _maps(case: Case, make: Maker, u: float, h: float, rho_2: float, where: str) -> Results:
    problem, network = case.problem, evaluators(make, case.problem)
    beta = power(problem.network)
    assert beta is not None
    given = network.parameters(problem.gamma, problem.eta_u, problem.eta_w, rho_2)
    unit, marched = _march(beta, u, h, problem.gamma, problem.eta_u, problem.eta_w * rho_2)
    one = network.module.neuron(np.float64(u), np.float64(h), given)
    for s, end in marched.items():
        for name, error in _errors(network, given, one, s, end):
            yield f"{where}: {name} at s = {s:.3g}", error / MAPPED
    for name, error in (*_far(network, given, one, unit), *_functions(network, beta, one)):
        yield f"{where}: {name}", error / MAPPED
    if beta == 1:  # a linear neuron is finite at all times, and crosses h = 0
        yield f"{where}: pole", 0.0 if network.module.pole(one) == np.inf else np.inf
        return
    for sign in (1, -1):
        miss = _pole_error(network, one, sign, unit)
        if miss is None:
            yield LeftOut("E = 0 up to rounding: no pole, or one as far as rounding puts it")
        else:
            yield f"{where}: pole", miss / MAPPED


@functools.cache
def _march(
    beta: int, u: float, h: float, gamma: float, eta_u: float, eta_w: float
) -> tuple[float, dict[float, tuple[float, float]]]:
    """A neuron's unit of warped time, and where dθ/ds = v(θ), written by hand, takes it."""
    from scipy.integrate import solve_ivp

    def velocity(s: float, z: Floats) -> list[float]:
        return [eta_u * gamma * z[1] ** beta, beta * eta_w * gamma * z[0] * z[1] ** (beta - 1)]

    by_u = beta * eta_w * abs(gamma * u) * abs(h) ** (beta - 2)
    by_h = beta * abs(gamma) * abs(h) ** (beta - 1) * (eta_u * eta_w) ** 0.5
    unit = 1 / (by_u + by_h)
    found: dict[float, tuple[float, float]] = {}
    for side in (-1, 1):
        stops = [s * unit for s in STRETCH if s * side > 0]
        stops.sort(key=abs)
        done = solve_ivp(velocity, (0, stops[-1]), [u, h], "DOP853", stops, rtol=1e-13, atol=1e-30)
        found |= {s: (float(a), float(b)) for s, a, b in zip(stops, *done.y, strict=True)}
    return unit, found


def _places(network: Network, one: Any, s: float) -> dict[str, Any]:
    maps = {"place": network.module.place, "entire_place": network.module.entire_place}
    with np.errstate(all="ignore"):
        places = {name: function(np.float64(s), one) for name, function in maps.items()}
        top, bottom = _tangent(float(one.mu), s)
        return places | {"rational_place": network.module.rational_place(top, bottom, one)}


def _functions(network: Network, beta: int, one: Any) -> list[tuple[str, float]]:
    """S, T and D as functions, for μ of every sign; and the discriminant of D."""
    found = []
    for mu, s in itertools.product((0.0,) if beta == CUBIC else (0.9, 0.0, -0.9), (-2.3, 0.7, 5.0)):
        S, T = _entire(mu, s)
        wanted = {"S_mu": S, "T_mu": T, "denominator": 1 + one.first * S + one.second * T}
        terms = 1 + abs(one.first * S) + abs(one.second * T)
        sizes = {"S_mu": abs(S), "T_mu": abs(T), "denominator": terms}
        for name, place in _places(network, one._replace(mu=np.float64(mu)), s).items():
            for field, value in wanted.items():
                error = abs(getattr(place, field) / place.scale - value) / sizes[field]
                found.append((f"{field} of {name} at mu = {mu:g}", float(error)))
    parts = one.first**2, -2 * one.second, one.mu  # D (1 − μz²/4) = 1 + D₁z + (2D₂ − μ)z²/4
    error = abs(one.discriminant - sum(parts)) / sum(map(abs, parts))
    return [*found, ("discriminant", float(error))]


@functools.cache
def _entire(mu: float, s: float) -> tuple[float, float]:
    """S = Σ μᵏs²ᵏ⁺¹/(2k + 1)! and T = Σ μᵏs²ᵏ⁺²/(2k + 2)!, by their series."""
    z = mpmath.mpf(mu)

    def series(n: int) -> float:
        terms = (z**k * s ** (2 * k + n) / mpmath.factorial(2 * k + n) for k in range(40))
        return float(mpmath.fsum(terms))

    return series(1), series(2)


def _tangent(mu: float, s: float) -> tuple[np.float64, np.float64]:
    """Numerator and denominator, neither of them 1, of 2 tanh(√μ s/2)/√μ."""
    root = abs(mu) ** 0.5
    if mu == 0:
        return np.float64(3 * s), np.float64(3)
    both = (np.sinh, np.cosh) if mu > 0 else (np.sin, np.cos)
    up, down = (function(root * s / 2) for function in both)
    return np.float64(3 * up), np.float64(1.5 * root * down)


def _errors(
    network: Network, given: Any, one: Any, s: float, end: tuple[float, float]
) -> list[tuple[str, float]]:
    """Of u, h and the gain, relative to the neuron's size, in every form of the map."""
    module, found = network.module, []
    ratio = (given.eta_u / (given.eta_w * given.rho_2)) ** 0.5  # of a change of u to one of h
    for name, place in _places(network, one, s).items():
        with np.errstate(all="ignore"):
            u, h = module.u_at(given, one, place), module.h_at(given, one, place)
        size = abs(end[0]) + abs(one.u_0) + ratio * (abs(end[1]) + abs(one.h_0))
        found += [(f"u of {name}", abs(u - end[0]) / size)]
        found += [(f"h of {name}", abs(h - end[1]) / (size / ratio))]
        if network.degree == 1:  # a power of h obeys the linear equation: h itself
            change = abs(place.denominator / place.scale - end[1] / one.h_0)
            found.append((f"D of {name}", change * abs(one.h_0) / (size / ratio)))
        top = module.gain_numerator(given, one, place)
        before, after = (module.output(*z, given) for z in ((one.u_0, one.h_0), end))
        error = abs(module.gain(top, place) - (after - before))
        largest = max(abs(one.h_0), abs(end[1])) ** network.degree
        terms = abs(before) + abs(after) + abs(given.gamma) * size * largest
        found.append((f"gain at {name}", error / terms))
    return [(name, float(error)) for name, error in found]


def _far(network: Network, given: Any, one: Any, unit: float) -> list[tuple[str, float]]:
    """Where the scaled form is needed, it still is the entire one times its scale."""
    found = []
    for s in FAR:
        places = _places(network, one, s * unit)
        scaled, entire = places["place"], places["entire_place"]
        terms = 1 + abs(entire.S_mu * one.first) + abs(entire.T_mu * one.second)
        sizes = {"S_mu": abs(entire.S_mu), "T_mu": abs(entire.T_mu), "denominator": terms}
        for field, size in sizes.items():
            error = abs(getattr(scaled, field) - scaled.scale * getattr(entire, field))
            found.append((f"{field} far out", float(error / (scaled.scale * size + 1e-300))))
        found.append(("scale of entire_place", float(abs(entire.scale - 1))))
    return found


def _pole_error(network: Network, one: Any, sign: int, unit: float) -> float | None:
    """How far D is from 0 at the pole; infinite if it vanishes before; None for a pole far out."""
    module = network.module
    with np.errstate(all="ignore"):
        pole = float(module.pole(one._replace(first=sign * one.first)))
        if np.isfinite(pole) and pole > REMOTE * unit:
            return None
        if np.isfinite(pole):
            before = [sign * pole * k / 40 for k in range(1, 40)]
        else:
            before = [sign * unit * 2.0**k for k in range(-3, 6)]
        if not all(module.entire_place(s, one).denominator > 0 for s in map(np.float64, before)):
            return np.inf
        if not np.isfinite(pole):
            return 0.0 if pole > 0 else np.inf
        end = module.entire_place(np.float64(sign * pole), one)
        terms = 1 + abs(end.S_mu * one.first) + abs(end.T_mu * one.second)
        return float(abs(end.denominator) / terms)
