"""True values: from the raw equations where a Taylor series of them reaches, else from the solver.

The solver in `BITS` bits is no independent witness, but at the times where the series reaches it is
compared with the same float64 numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from mpmath import mp

from numeric.methods.lifted.layers import TwoLayers
from numeric.methods.lifted.neuron import SingleNeuron
from numeric.methods.lifted.white import of_moments
from verify.measurements.riccati.starts import Layers
from verify.oracle.two_linear_layers import integrate

DIGITS = 30  # of the Taylor series
BITS = 320  # of the solver: it computes with twice what 60 digits take at least
SERIES, SOLVER = f"Taylor series, {DIGITS} digits", "solver, 60 digits"
Rows = list[list[Any]]


@dataclass(frozen=True)
class Truth:
    """At one time.

    Attributes:
        square: QQᵀ with Q = (W₁ᵀ; W₂).
        state: (w, a) of a neuron, else nothing.
        residual: W₂W₁ − B.
    """

    square: Rows
    state: list[Any]
    residual: Rows


def flow_of(problem: Layers) -> SingleNeuron | TwoLayers:
    """What is measured."""
    one = Fraction(1)
    if not is_neuron(problem):
        return TwoLayers(problem.W1, problem.W2, (one, one), one, problem.target)
    data = of_moments(_unit(problem.sizes[0]), problem.target[0])
    return SingleNeuron(problem.W2[0][0], problem.W1[0], one, one, data)


def is_neuron(problem: Layers) -> bool:
    """Whether there is one hidden unit and one output."""
    return problem.sizes[1:] == (1, 1)


def of_series(problem: Layers, times: Mapping[str, float]) -> dict[str, Truth]:
    """From the raw equations."""
    unit = _unit(problem.sizes[0])
    found = integrate(
        problem.W1, problem.W2, unit, problem.target, (1, 1), list(times.values()), DIGITS
    )
    return {name: _truth(problem, *weights) for name, weights in zip(times, found, strict=True)}


def of_solver(problem: Layers, flow: SingleNeuron | TwoLayers, t: float) -> Truth:
    """From the solver."""
    at = flow.flow.exactly(Fraction(t), BITS)
    residual = flow.exactly(Fraction(t), BITS)["residual"]
    if is_neuron(problem):
        return Truth(at.square(), at.state(), [residual])
    return Truth(at.square(), [], residual)


def _truth(problem: Layers, W1: Rows, W2: Rows) -> Truth:
    rows = [list(column) for column in zip(*W1, strict=True)] + W2
    square = [[mp.fdot(a, b) for b in rows] for a in rows]
    d = problem.sizes[0]
    aims = [[mp.mpf(z.numerator) / z.denominator for z in row] for row in problem.target]
    residual = [[z - aim for z, aim in zip(*pair, strict=False)]
                for pair in zip(square[d:], aims, strict=True)]  # fmt: skip
    state = [*W1[0], W2[0][0]] if is_neuron(problem) else []
    return Truth(square, state, residual)


def _unit(size: int) -> list[list[Fraction]]:
    return [[Fraction(int(i == j)) for j in range(size)] for i in range(size)]
