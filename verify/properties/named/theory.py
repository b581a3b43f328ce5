"""The theory of a problem: what solves it, with one face for all models."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
from mpmath import mp, mpf

from numeric.catalogue import load_lift
from numeric.errors import InputError
from numeric.methods.chains import ChainFlow
from numeric.methods.lifted import white
from numeric.methods.lifted.interpolator import Interpolator
from numeric.methods.lifted.layers import TwoLayers
from numeric.methods.lifted.marched_layers import MarchedLayers
from numeric.methods.lifted.marched_neuron import MarchedNeuron
from numeric.methods.lifted.neuron import SingleNeuron
from numeric.methods.lifted.relu import GUARD, ReluNeuron
from verify.oracle.named.chain import Chain
from verify.oracle.named.layers import Layers
from verify.oracle.named.neuron import Neuron
from verify.oracle.named.problem import Matrix, Named, Place, Problem
from verify.oracle.named.relu import Relu
from verify.oracle.problem import Floats

SOLVED, MARCHED = 0.0, 1e-9  # relative errors that a method says it has; a march about ten digits
BITS_OF_A_DIGIT, SPARE = 3.33, 160  # a solver's constants are right to half its bits


class Theory(Protocol):
    """What is asked of a solver.

    Attributes:
        accuracy: relative, of a method that has fewer digits than float64.
        has_digits: whether it has any number of digits.
        offers: what it can be asked beside observables: "weights", "times", "passes", "names".
    """

    accuracy: float
    has_digits: bool
    offers: frozenset[str]

    def observables(self, t: float) -> Named:
        """Everything at a time."""

    def digits(self, t: Fraction, digits: int) -> dict[str, Any]:
        """The same in mpmath numbers."""

    def limit(self) -> Named | None:
        """At t = ∞; None where that is not known."""

    def laws(self, weights: Named) -> tuple[Floats, Floats]:
        """What is conserved, and the size of its terms."""

    def law(self) -> Floats | None:
        """Its value, where the solver says it."""

    def passes(self) -> dict[Place, float | None]:
        """When weights first pass 0; None: never."""

    def time_to(self, loss: float) -> float | None:
        """The time to a loss; None where it is not asked for."""

    def regime(self) -> str | None:
        """What the solver calls what happens."""


class NeuronTheory:
    """The closed form on white data, else the march and its interpolator."""

    offers = frozenset({"weights", "times", "passes", "names"})

    def __init__(self, problem: Neuron) -> None:
        self._problem = problem
        self._data = white.of_set(_rows(problem.X), list(problem.y))
        given = problem.a0, list(problem.w0), problem.eta_a, problem.eta_w, self._data
        self._given, self.is_solved = given, self._data.scale is not None
        self._flow: Any = SingleNeuron(*given) if self.is_solved else MarchedNeuron(*given)
        self.accuracy = SOLVED if self.is_solved else MARCHED
        self.has_digits = self.is_solved and not self._data.off

    def observables(self, t: float) -> Named:
        """a, w, mu, phi, loss, residual, kernel_distance."""
        return _arrays(self._flow.observables(t))

    def digits(self, t: Fraction, digits: int) -> dict[str, Any]:
        """The same."""
        found: dict[str, Any] = self._flow.exactly(t, _bits(digits))
        return found

    def limit(self) -> Named | None:
        """By the potential on other data than white ones; None where no sign of a is found."""
        if self.is_solved:
            return _arrays(self._flow.limit())
        try:
            a, w = Interpolator(*self._given).limit()
        except InputError:
            return None
        return _arrays(self._flow.at_end(float(a), np.array([float(z) for z in w])))

    def laws(self, weights: Named) -> tuple[Floats, Floats]:
        """Qᵀ J Q of the lift."""
        J = _law("single_neuron", {"eta_a": self._problem.eta_a, "eta_w": self._problem.eta_w})
        (a,), w = weights["a"], weights["w"]
        parts = J["a"] * a * a, J["w"] * w @ w
        return np.asarray(sum(parts)), np.asarray(sum(map(abs, parts)))

    def law(self) -> Floats | None:
        """δ."""
        return np.asarray(float(self._flow.delta)) if self.is_solved else None

    def passes(self) -> dict[Place, float | None]:
        """The output weight."""
        if not self.is_solved:
            return {}
        change = self._flow.sign_change()
        return {("a", 0): None if change is None else float(change)}

    def time_to(self, loss: float) -> float | None:
        """By bisection of a loss that falls."""
        return float(self._flow.time_to_loss(loss)) if self.is_solved else None

    def regime(self) -> str | None:
        """By the sign of δ of what moves."""
        return str(self._flow.regime) if self.is_solved else None


class LayersTheory:
    """The closed form on a leaf, else the march."""

    offers = frozenset[str]()

    def __init__(self, problem: Layers) -> None:
        self._problem = problem
        given = (_rows(problem.W1), _rows(problem.W2), problem.rate_pair, problem.scale,
                 _rows(problem.target))  # fmt: skip
        self.is_solved = True
        try:
            self._flow: Any = TwoLayers(*given)
            self.has_digits = not self._flow.flow.given.off
        except InputError as error:
            if "law" not in error.field:
                raise
            self._flow, self.is_solved, self.has_digits = MarchedLayers(*given), False, False
        self.accuracy = SOLVED if self.is_solved else MARCHED

    def observables(self, t: float) -> Named:
        """product, gram_in, gram_out, loss, residual."""
        return _arrays(self._flow.observables(t))

    def digits(self, t: Fraction, digits: int) -> dict[str, Any]:
        """The same."""
        found: dict[str, Any] = self._flow.exactly(t, _bits(digits))
        return found

    def limit(self) -> Named | None:
        """Of what is solved."""
        return _arrays(self._flow.limit()) if self.is_solved else None

    def laws(self, weights: Named) -> tuple[Floats, Floats]:
        """Qᵀ J Q of the lift, h × h."""
        first, second = self._problem.rate_pair
        J = _law("two_layer_linear", {"eta_U": second, "eta_V": first})
        W1, W2 = weights["W1"], weights["W2"]
        value = J["U"] * W2.T @ W2 + J["V"] * W1 @ W1.T
        size = abs(J["U"]) * np.sum(W2**2) + abs(J["V"]) * np.sum(W1**2)
        return value, np.asarray(size)

    def law(self) -> Floats | None:
        """λ 1."""
        return float(self._flow.law) * np.eye(len(self._problem.W1)) if self.is_solved else None

    def passes(self) -> dict[Place, float | None]:
        """Nothing is watched."""
        return {}

    def time_to(self, loss: float) -> float | None:
        """It is not asked for."""
        return None

    def regime(self) -> str | None:
        """It has no name."""
        return None


class ChainTheory:
    """The clock inverted, or the march."""

    offers = frozenset({"weights", "times", "names", "clocks"})

    def __init__(self, problem: Chain) -> None:
        self._problem = problem
        self._flow = ChainFlow(list(problem.a0), problem.y, list(problem.eta))
        self.has_digits = self._flow.method != "march"
        self.accuracy = SOLVED if self.has_digits else MARCHED

    def observables(self, t: float) -> Named:
        """a, product, residual, loss."""
        return self._seen(self._flow.at(Fraction(t)))

    def digits(self, t: Fraction, digits: int) -> dict[str, Any]:
        """The same."""
        found = self._flow.balls(t, digits + 5)
        return {
            "a": [_plain(one, digits) for one in found.a],
            **{n: _plain(getattr(found, n), digits) for n in ("product", "residual", "loss")},
        }

    def limit(self) -> Named | None:
        """Target or saddle."""
        return self._seen(self._flow.limit)

    @staticmethod
    def _seen(found: Any) -> Named:
        return {n: np.array(getattr(found, n)) for n in ("a", "product", "residual", "loss")}

    def laws(self, weights: Named) -> tuple[Floats, Floats]:
        """a_l²/η_l less that of the least factor."""
        squares = weights["a"] ** 2 / [float(one) for one in self._problem.eta]
        size = np.asarray(2 * np.max(squares))
        return squares - squares[self._flow.chain.least], size

    def law(self) -> Floats | None:
        """c_l."""
        return np.array([int(c.p) / int(c.q) for c in self._flow.chain.c])

    def passes(self) -> dict[Place, float | None]:
        """Nothing is watched."""
        return {}

    def time_to(self, loss: float) -> float | None:
        """By the clock."""
        return self._flow.time_to_loss(loss) if self.has_digits else None

    def regime(self) -> str | None:
        """What it ends at."""
        return self._flow.limit_kind


class ReluTheory:
    """Event by event."""

    accuracy, has_digits = SOLVED, True
    offers = frozenset({"passes"})
    BITS = 53 + GUARD

    def __init__(self, problem: Relu) -> None:
        self._problem = problem
        self._flow = ReluNeuron(problem.a0, list(problem.v0), list(problem.y))

    def observables(self, t: float) -> Named:
        """a, v, residual, loss."""
        return _arrays(self._flow.exactly(Fraction(t), self.BITS))

    def digits(self, t: Fraction, digits: int) -> dict[str, Any]:
        """The same."""
        return self._flow.exactly(t, _bits(digits))

    def limit(self) -> Named | None:
        """After the last event."""
        return _arrays(self._flow.exactly(None, self.BITS))

    def laws(self, weights: Named) -> tuple[Floats, Floats]:
        """Qᵀ J Q of the lift, of the active inputs alone."""
        J = _law("single_neuron", {"eta_a": Fraction(1), "eta_w": Fraction(1)})
        (a,), v = weights["a"], weights["v"]
        parts = J["a"] * a * a, J["w"] * v @ v
        return np.asarray(sum(parts)), np.asarray(sum(map(abs, parts)))

    def law(self) -> Floats | None:
        """It is not said."""
        return None

    def passes(self) -> dict[Place, float | None]:
        """Inputs that are active at first."""
        found: dict[Place, float | None] = dict.fromkeys(self._problem.watched())
        return found | {("v", i): float(t) for i, t in self._flow.crossings}

    def time_to(self, loss: float) -> float | None:
        """It is not asked for."""
        return None

    def regime(self) -> str | None:
        """It has no name."""
        return None


Maker = Callable[[Problem], Theory]
THEORIES: dict[type[Problem], Any] = {
    Neuron: NeuronTheory,
    Layers: LayersTheory,
    Chain: ChainTheory,
    Relu: ReluTheory,
}


def build_theory(problem: Problem) -> Theory:
    """What solves a problem."""
    found: Theory = THEORIES[type(problem)](problem)
    return found


class Remembered:
    """A maker that makes the theory of a problem once; what it raised it raises again."""

    def __init__(self, make: Maker = build_theory) -> None:
        self._make, self._made = make, dict[int, tuple[Problem, Theory | Exception]]()

    def __call__(self, problem: Problem) -> Theory:
        """The theory of a problem."""
        if id(problem) not in self._made:
            try:
                made: Theory | Exception = self._make(problem)
            except Exception as error:
                made = error
            self._made[id(problem)] = problem, made  # held, so that its id stays its own
        found = self._made[id(problem)][1]
        if isinstance(found, Exception):
            raise found
        return found


def _law(name: str, rates: dict[str, Fraction]) -> dict[str, float]:
    lift = load_lift(name)
    numbers = lift.law(rates)
    return {row[0]: float(z) for row, z in zip(lift.ROWS, numbers, strict=True)}


def _rows(rows: Matrix) -> list[list[Fraction]]:
    return [list(row) for row in rows]


def _arrays(found: dict[str, Any]) -> Named:
    return {name: _array(value) for name, value in found.items()}


def _array(value: Any) -> Floats:
    if isinstance(value, list | tuple):
        return np.array([_array(one) for one in value], dtype=np.float64)
    return np.asarray(value if isinstance(value, np.ndarray) else _float(value), dtype=np.float64)


def _float(value: Any) -> float:
    return math.nan if value != value else float(value)


def _bits(digits: int) -> int:
    return int(2 * BITS_OF_A_DIGIT * digits) + SPARE


def _plain(ball: Any, digits: int) -> Any:
    """The middle of a ball as an mpmath number."""
    with mp.workdps(digits + 10):
        return mpf(str(ball.mid().str(digits + 8, radius=False)))
