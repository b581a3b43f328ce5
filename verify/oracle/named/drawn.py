"""Problems of the named models: degenerate ones that are always looked at, and drawn ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from verify.oracle.named import drawn_neurons
from verify.oracle.named.chain import Chain
from verify.oracle.named.drawn_layers import degenerate as degenerate_layers
from verify.oracle.named.drawn_layers import drawn as drawn_layers
from verify.oracle.named.problem import Problem
from verify.oracle.named.relu import Relu

F = Fraction
RATES = (F(1), F(1, 4), F(9, 4), F(1, 9), F(4))  # squares, so that leaves with δ = 0 are exact


def number(draw: np.random.Generator, below: int = 64) -> Fraction:
    """A dyadic number of order one, of either sign."""
    value = int(draw.integers(-2 * below, 2 * below + 1)) or 1
    return F(value, below)


def chain(draw: np.random.Generator, name: str = "drawn") -> Chain:
    """Depth 1 to 4; of twice as many every second one is balanced, and then of depth up to 6."""
    balanced = bool(draw.integers(2))
    depth = int(draw.integers(1, 7 if balanced else 5))
    eta = [RATES[int(k)] for k in draw.integers(len(RATES), size=depth)]
    signs = draw.choice([-1, 1], size=depth)
    if balanced:
        scale = abs(number(draw)) / 2 + F(1, 4)
        a = [int(s) * scale * _root(z) for s, z in zip(signs, eta, strict=True)]
    else:
        a = [number(draw) for _ in range(depth)]
    return Chain(name, a, eta, number(draw))


def _root(square: Fraction) -> Fraction:
    """Of a square of a fraction."""
    return F(round(square.numerator**0.5), round(square.denominator**0.5))


def chains() -> list[Chain]:
    """Starts at and on the way to saddles, crossings of 0, two least factors, tiny and large ones."""
    one = F(1)
    return [
        Chain("depth 1", [F(-3, 2)], [F(1, 4)], one),
        Chain("a start at 0", [F(0), F(2)], [one, F(1, 4)], F(-1)),
        Chain("two zeros: at rest", [F(0), F(0), F(2)], [one] * 3, one),
        Chain("at the target", [F(1, 2), F(2)], [one, one], one),
        Chain("no target", [F(3, 2), F(1, 2), one], [one, F(1, 4), one], F(0)),
        Chain("no target, balanced", [F(1, 2), F(-1, 2)], [one, one], F(0)),
        Chain("no target, balanced, depth 3", [F(1, 2), F(-1, 2), F(1, 2)], [one] * 3, F(0)),
        Chain("product of the other sign", [F(-1, 4), F(3, 2), F(2)], [one, one, F(1, 4)], one),
        Chain("depth 4 across 0", [F(-1, 4), F(1), F(3, 2), F(2)], [one] * 4, one),
        Chain("a saddle ahead", [F(-1), F(1), F(2)], [one] * 3, F(1, 2)),
        Chain("balanced, a saddle ahead", [F(-1), F(1), one], [one] * 3, one),
        Chain("least factors almost equal", [one, one + F(1, 10**10)], [one, one], F(3)),
        Chain("two least factors", [F(1, 2), F(1, 2), F(2)], [one] * 3, F(3)),
        Chain("far apart", [F(1, 10**5), F(10**5)], [one, one], F(2)),
        Chain("beyond the target", [F(3), F(2), F(1, 2)], [one, one, F(1, 4)], one),
        Chain("depth 4", [F(1, 2), F(1), F(3, 2), F(2)], [one] * 4, F(-2)),
        Chain("no target, one thrice", [F(1, 2)] * 3 + [F(2)], [one] * 4, F(0)),
        Chain("no target, one twice", [F(1, 2), F(1, 2), F(2)], [one] * 3, F(0)),
        *(Chain(f"balanced, depth {L}, {way}", [sign * F(3, 4)] + [F(3, 4)] * (L - 1), [one] * L, F(3, 2))
          for L in (2, 3, 4, 5, 6) for way, sign in (("below", 1), ("away", -1))),
        Chain("balanced, depth 3, beyond", [F(3, 2)] * 3, [one] * 3, F(3, 2)),
        Chain("unbalanced, depth 5: marched", [F(1, 2), one, one, F(3, 2), one], [one] * 5, F(-1)),
    ]  # fmt: skip


def relu(draw: np.random.Generator, name: str = "drawn") -> Relu:
    """One to five inputs, some inactive."""
    count = int(draw.integers(1, 6))
    v = [number(draw) for _ in range(count)]
    return Relu(name, number(draw), v, [number(draw) for _ in range(count)])


def relus() -> list[Relu]:
    """Order of events, rest, and starts without an active input."""
    one = F(1)
    return [
        Relu("one input leaves", F(1), [F(1, 4), one], [F(-2), one]),
        Relu("two inputs leave", F(1), [F(1, 4), F(1, 2), one], [F(-2), F(-1), one]),
        Relu("all leave", F(1, 2), [F(1, 4), F(1, 2)], [F(-2), F(-3)]),
        Relu("the only input leaves", F(1, 2), [F(1, 4)], [F(-2)]),
        Relu("the only input stays", F(1, 2), [F(1, 4)], [F(2)]),
        Relu("none active", F(1), [F(-1), F(-2)], [one, one]),
        Relu("a = 0", F(0), [one, F(1, 2)], [one, F(-1)]),
        Relu("a changes sign, none leaves", F(-1, 4), [F(2), F(3)], [one, F(2)]),
        Relu("an inactive input that rests", F(1), [one, F(-1)], [F(2), F(3)]),
    ]  # fmt: skip


FAMILIES: dict[
    str, tuple[Callable[[], Sequence[Problem]], Callable[[np.random.Generator], Problem]]
] = {
    "single_neuron": (drawn_neurons.degenerate, drawn_neurons.drawn),
    "deep_linear": (degenerate_layers, drawn_layers),
    "chain": (chains, chain),
    "relu_neuron": (relus, relu),
}
"""By model: problems that are always looked at, and one that is drawn."""


def problems(model: str, count: int, seed: int) -> list[Problem]:
    """The degenerate problems of a model and so many drawn ones."""
    always, one = FAMILIES[model]
    draw = np.random.default_rng(seed)
    return [*always(), *(one(draw) for _ in range(count))]
