"""Changes of a problem that change its flow in a known way, and flows begun anew on their way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from verify.oracle.named.chain import Chain
from verify.oracle.named.layers import Layers
from verify.oracle.named.neuron import Neuron
from verify.oracle.named.problem import Matrix, Named, Problem, Vector, floats
from verify.oracle.named.rational import TUPLES, reflection
from verify.oracle.named.relu import Relu
from verify.oracle.problem import Floats

F = Fraction
FAST, LONG, UNIT = (
    F(4),
    F(3, 2),
    F(2),
)  # a factor of rates, of one layer against the other, of weights


@dataclass(frozen=True)
class Image:
    """A changed problem.

    Attributes:
        name: of the change.
        problem: the changed one.
        pace: of its time to that of the original.
        back: its observables as those of the original, of those that have such.
    """

    name: str
    problem: Problem
    pace: float
    back: Callable[[Named], Named]


def of_neuron(p: Neuron) -> Iterator[Image]:
    """Inputs turned; signs; time; one layer scaled against the other; all scaled; layers exchanged."""
    R = reflection(TUPLES[len(p.w0) - 1])
    turn = floats(R)
    turned = replace(p, w0=_apply(R, p.w0), X=[_apply(R, x) for x in p.X])

    def back(found: Named) -> Named:
        return found | {n: turn @ found[n] for n in ("w", "residual")}

    yield Image("inputs turned", turned, 1.0, back)
    orders = range(len(p.w0))[::-1]
    yield Image(
        "inputs in another order",
        replace(p, w0=[p.w0[k] for k in orders], X=[[x[k] for k in orders] for x in p.X]),
        1.0,
        lambda found: found | {n: found[n][::-1] for n in ("w", "residual")},
    )
    signs = replace(p, a0=-p.a0, w0=_times(-1, p.w0))
    yield Image(
        "signs of both layers", signs, 1.0, lambda found: _signed(found, "a", "w", "mu", "phi")
    )
    other = replace(p, w0=_times(-1, p.w0), y=_times(-1, p.y))
    yield Image("sign of w and y", other, 1.0, lambda found: _signed(found, "w", "residual"))
    fast = replace(p, eta_a=FAST * p.eta_a, eta_w=FAST * p.eta_w)
    yield Image("rates and time", fast, 1 / float(FAST), lambda found: found)
    shifted = replace(p, a0=LONG * p.a0, w0=_times(1 / LONG, p.w0),
                      eta_a=LONG**2 * p.eta_a, eta_w=p.eta_w / LONG**2)  # fmt: skip
    yield Image(
        "one layer against the other",
        shifted,
        1.0,
        lambda found: _scaled(found, LONG, a=-1, w=1),
    )
    large = replace(p, a0=UNIT * p.a0, w0=_times(UNIT, p.w0), y=_times(UNIT**2, p.y),
                    eta_a=p.eta_a / UNIT**2, eta_w=p.eta_w / UNIT**2)  # fmt: skip
    powers = {"a": -1, "w": -1, "mu": -2, "residual": -2, "loss": -4}
    yield Image("units", large, 1.0, lambda found: _scaled(found, UNIT, **powers))
    if len(p.w0) == 1:
        swapped = replace(p, a0=p.w0[0], w0=[p.a0], eta_a=p.eta_w, eta_w=p.eta_a)
        yield Image("layers exchanged", swapped, 1.0, lambda found: {
            "a": found["w"][0], "w": np.atleast_1d(found["a"]), "loss": found["loss"],
            "residual": found["residual"], "kernel_distance": found["kernel_distance"],
        })  # fmt: skip


def of_layers(p: Layers) -> Iterator[Image]:
    """Hidden units, inputs and outputs turned; time; layers exchanged, scaled against each other."""
    R, V, U = (reflection(TUPLES[n - 1]) for n in (len(p.W1), len(p.W1[0]), len(p.W2)))
    hidden = replace(p, W1=_product(R, p.W1), W2=_product(p.W2, R))
    yield Image("hidden units turned", hidden, 1.0, lambda found: found)
    seen = replace(p, W1=_product(p.W1, V), target=_product(p.target, V))
    A, C = floats(V), floats(U)
    yield Image("inputs turned", seen, 1.0, lambda found: found | {
        "product": found["product"] @ A, "residual": found["residual"] @ A,
        "gram_in": A @ found["gram_in"] @ A,
    })  # fmt: skip
    out = replace(p, W2=_product(U, p.W2), target=_product(U, p.target))
    yield Image("outputs turned", out, 1.0, lambda found: found | {
        "product": C @ found["product"], "residual": C @ found["residual"],
        "gram_out": C @ found["gram_out"] @ C,
    })  # fmt: skip
    first, second = p.rate_pair
    swapped = replace(p, W1=_transposed(p.W2), W2=_transposed(p.W1), rate_pair=(second, first),
                      target=_transposed(p.target))  # fmt: skip
    yield Image("layers exchanged", swapped, 1.0, lambda found: {
        "product": found["product"].T, "residual": found["residual"].T, "loss": found["loss"],
        "gram_in": found["gram_out"], "gram_out": found["gram_in"],
    })  # fmt: skip
    fast = replace(p, rate_pair=(FAST * first, FAST * second))
    yield Image("rates and time", fast, 1 / float(FAST), lambda found: found)
    shifted = replace(p, W1=_all(LONG, p.W1), W2=_all(1 / LONG, p.W2),
                      rate_pair=(LONG**2 * first, second / LONG**2))  # fmt: skip
    yield Image("one layer against the other", shifted, 1.0,
                lambda found: _scaled(found, LONG, gram_in=-2, gram_out=2))  # fmt: skip


def of_chain(p: Chain) -> Iterator[Image]:
    """Factors in another order, signs, time, one factor against another."""
    order = [*range(1, len(p.a0)), 0]
    other = replace(p, a0=[p.a0[k] for k in order], eta=[p.eta[k] for k in order])
    yield Image(
        "another order", other, 1.0, lambda found: found | {"a": found["a"][np.argsort(order)]}
    )
    flipped = replace(p, a0=[-p.a0[0], *p.a0[1:]], y=-p.y)
    signs = np.array([-1.0, *[1.0] * (len(p.a0) - 1)])

    def back(found: Named) -> Named:
        return _signed(found, "product", "residual") | {"a": found["a"] * signs}

    yield Image("sign of a factor and of y", flipped, 1.0, back)
    fast = replace(p, eta=_times(FAST, p.eta))
    yield Image("rates and time", fast, 1 / float(FAST), lambda found: found)
    if len(p.a0) > 1:
        factors = np.array([1 / float(LONG), float(LONG), *[1.0] * (len(p.a0) - 2)])
        shifted = replace(p, a0=[p.a0[0] * LONG, p.a0[1] / LONG, *p.a0[2:]],
                          eta=[p.eta[0] * LONG**2, p.eta[1] / LONG**2, *p.eta[2:]])  # fmt: skip
        yield Image("one factor against another", shifted, 1.0,
                    lambda found: found | {"a": found["a"] * factors})  # fmt: skip


def of_relu(p: Relu) -> Iterator[Image]:
    """Inputs in another order; weights, targets and time scaled together."""
    other = replace(p, v0=p.v0[::-1], y=p.y[::-1])
    yield Image("inputs in another order", other, 1.0,
                lambda found: found | {n: found[n][::-1] for n in ("v", "residual")})  # fmt: skip
    large = replace(p, a0=UNIT * p.a0, v0=_times(UNIT, p.v0), y=_times(UNIT**2, p.y))
    powers = {"a": -1, "v": -1, "residual": -2, "loss": -4}
    yield Image("units", large, float(UNIT) ** -2, lambda found: _scaled(found, UNIT, **powers))


IMAGES: dict[type[Problem], Any] = {
    Neuron: of_neuron,
    Layers: of_layers,
    Chain: of_chain,
    Relu: of_relu,
}


def restarted(problem: Problem, found: Named) -> Problem:
    """The same problem, begun where observables say that it has come to."""
    if isinstance(problem, Neuron):
        return replace(problem, a0=F(float(found["a"])), w0=_exact(found["w"]))
    if isinstance(problem, Chain):
        return replace(problem, a0=_exact(found["a"]))
    if isinstance(problem, Relu):
        return replace(problem, a0=F(float(found["a"])), v0=_exact(found["v"]))
    assert isinstance(problem, Layers)
    return _turned(problem, found)


def _turned(problem: Layers, found: Named) -> Layers:
    """Weights with the same products: a root of QQᵀ with as many columns as there are hidden units."""
    d, h = len(problem.W1[0]), len(problem.W1)
    square = np.block([
        [found["gram_in"], found["product"].T], [found["product"], found["gram_out"]]
    ])  # fmt: skip
    values, vectors = np.linalg.eigh(square)
    last = np.argsort(values)[::-1][:h]
    root = vectors[:, last] * np.sqrt(np.maximum(values[last], 0))
    root = np.pad(root, ((0, 0), (0, h - root.shape[1])))
    return replace(
        problem, W1=[_exact(row) for row in root[:d].T], W2=[_exact(row) for row in root[d:]]
    )


def _exact(values: Floats) -> Vector:
    return [F(float(z)) for z in values]


def _times(factor: Fraction | int, values: Vector) -> Vector:
    return [factor * z for z in values]


def _all(factor: Fraction, rows: Matrix) -> Matrix:
    return [_times(factor, row) for row in rows]


def _apply(matrix: Matrix, vector: Vector) -> Vector:
    return [sum((x * y for x, y in zip(row, vector, strict=True)), F(0)) for row in matrix]


def _product(A: Matrix, B: Matrix) -> Matrix:
    return _transposed([_apply(A, column) for column in _transposed(B)])


def _transposed(rows: Matrix) -> Matrix:
    return [list(column) for column in zip(*rows, strict=True)]


def _signed(found: Named, *names: str) -> Named:
    return found | {name: -found[name] for name in names}


def _scaled(found: Named, base: Fraction, **powers: int) -> Named:
    changed = {name: found[name] * float(base) ** power for name, power in powers.items()}
    left = {n: z for n, z in found.items() if n not in changed}
    if base == LONG:  # a product alone stays what it is
        left.pop("mu", None), left.pop("kernel_distance", None)
    return left | changed
