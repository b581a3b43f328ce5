"""The theory's digits against Taylor series of the raw equations, later than descent reaches."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from mpmath import mp, mpf

from verify.oracle import raw_flow, relu_events, two_linear_layers
from verify.oracle.named.chain import Chain
from verify.oracle.named.layers import Layers
from verify.oracle.named.neuron import Neuron
from verify.oracle.named.problem import Problem
from verify.oracle.named.reference import Case
from verify.oracle.named.relu import Relu
from verify.properties.named.theory import Maker
from verify.properties.outcome import LeftOut, Results

DIGITS = 25
REACH = 6  # units of 1/pace that a series is taken over
RIGHT = mpf(10) ** -DIGITS


def keeps_its_digits(case: Case, make: Maker) -> Results:
    """25 digits of every weight, or product of weights, normwise."""
    theory = make(case.problem)
    if not theory.has_digits:
        yield LeftOut("it has no digits: marched in floats")
        return
    time = Fraction(case.time) / 4 * REACH
    expected = SERIES[type(case.problem)](case.problem, time)
    if expected is None:
        yield LeftOut("a preactivation of 0 at the start: its side is not seen")
        return
    found = theory.digits(time, DIGITS + 8)
    with mp.workdps(2 * DIGITS):
        for name, values in expected.items():
            size = max(map(abs, values))
            off = max(abs(x - y) for x, y in zip(_flat(found[name]), values, strict=True))
            yield f"{case.problem.name}: {name}", float(off / (RIGHT * size + mpf(10) ** -300))


def _flat(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return [z for one in value for z in _flat(one)]
    return [mpf(value)]


def _of_neuron(problem: Neuron, time: Fraction) -> dict[str, list[Any]]:
    columns = list(zip(*problem.X, strict=True))
    sigma = [[sum(x * y for x, y in zip(a, b, strict=True)) for b in columns] for a in columns]
    gamma = [[sum(x * y for x, y in zip(a, problem.y, strict=True)) for a in columns]]
    rates = problem.eta_w, problem.eta_a
    ((w, a),) = two_linear_layers.integrate(
        [problem.w0], [[problem.a0]], sigma, gamma, rates, [time], DIGITS + 5
    )
    return {"a": a[0], "w": w[0]}


def _of_layers(problem: Layers, time: Fraction) -> dict[str, list[Any]]:
    width = range(len(problem.W1[0]))
    sigma = [[problem.scale if i == j else 0 for j in width] for i in width]
    gamma = [[problem.scale * z for z in row] for row in problem.target]
    ((W1, W2),) = two_linear_layers.integrate(
        problem.W1, problem.W2, sigma, gamma, problem.rate_pair, [time], DIGITS + 5
    )
    with mp.workdps(2 * DIGITS):
        first, second = mp.matrix(W1), mp.matrix(W2)
        found = second * first, first.T * first, second * second.T
        return {n: list(z) for n, z in zip(("product", "gram_in", "gram_out"), found, strict=True)}


def _of_chain(problem: Chain, time: Fraction) -> dict[str, list[Any]]:
    with mp.workdps(2 * DIGITS):
        layers, rates = ([_number(z) for z in of] for of in (problem.a0, problem.eta))
        network = raw_flow.Layered([[[z]] for z in layers], rates, [[1]], [[_number(problem.y)]])
        (found,) = raw_flow.integrate(network, [_number(time)], DIGITS + 5)
    return {"a": [layer[0][0] for layer in found]}


def _of_relu(problem: Relu, time: Fraction) -> dict[str, list[Any]] | None:
    inputs = [[int(i == j) for j in range(len(problem.v0))] for i in range(len(problem.v0))]
    with mp.workdps(2 * DIGITS):
        if not all(problem.v0):
            return None
        layers = [[[_number(z) for z in problem.v0]], [[_number(problem.a0)]]]
        targets = [[_number(z)] for z in problem.y]
        network = raw_flow.Layered(layers, [1, 1], inputs, targets)
        (first, second), _ = relu_events.integrate_relu(network, inputs, _number(time), DIGITS + 5)
    return {"a": second[0], "v": first[0]}


SERIES: dict[type[Problem], Any] = {
    Neuron: _of_neuron,
    Layers: _of_layers,
    Chain: _of_chain,
    Relu: _of_relu,
}


def _number(value: Fraction) -> Any:
    return mpf(value.numerator) / value.denominator
